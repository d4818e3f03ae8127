// Which kind of pattern it is, and the plain one: terms.

#include "localcloud/services/logs/filter/pattern.hpp"

#include "base/text.hpp"
#include "localcloud/services/logs/filter/operand.hpp"

namespace localcloud::logs::filter {

namespace {

struct Term {
  std::string text;
  std::shared_ptr<const re2::RE2> regex;

  bool is_in(std::string_view line) const { return regex ? contains_match(*regex, line) : line.contains(text); }
};

class Terms final : public Matcher {
 public:
  bool matches(std::string_view line) const override {
    for (const Term& term : excluded) {
      if (term.is_in(line)) return false;
    }
    for (const Term& term : required) {
      if (!term.is_in(line)) return false;
    }
    // AWS ignores the optional terms as soon as there are others.
    if (!required.empty() || !excluded.empty() || optional.empty()) return true;
    for (const Term& term : optional) {
      if (term.is_in(line)) return true;
    }
    return false;
  }

  std::vector<Term> required;
  std::vector<Term> optional;
  std::vector<Term> excluded;
};

bool is_term_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

Result<Term> parse_term(Cursor& cursor) {
  if (cursor.peek() == '"') {
    std::optional<std::string> quoted = cursor.take_quoted();
    if (!quoted || quoted->empty()) return failure(invalid_pattern());
    return Term{*std::move(quoted), nullptr};
  }
  if (cursor.peek() == '%') {
    const std::optional<std::string> regex = cursor.take_regex();
    if (!regex) return failure(invalid_pattern());
    return Term{{}, TRY(compile_regex(*regex))};
  }
  const std::string_view word =
      cursor.take_while([](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
  if (word.empty()) return failure(invalid_pattern());
  for (const char c : word) {
    if (!is_term_character(c)) return failure(invalid_term(word));
  }
  return Term{std::string{word}, nullptr};
}

}  // namespace

ServiceError invalid_pattern() {
  return {"InvalidParameterException", "Invalid filter pattern"};
}

ServiceError invalid_term(std::string_view term) {
  return {"InvalidParameterException", "Invalid character(s) in term '" + std::string{term} + "'"};
}

Result<std::shared_ptr<const Matcher>> parse_terms(std::string_view text) {
  auto terms = std::make_shared<Terms>();
  Cursor cursor{text};
  for (cursor.skip_spaces(); !cursor.at_end(); cursor.skip_spaces()) {
    std::vector<Term>* kind = &terms->required;
    if (cursor.peek() == '-') kind = &terms->excluded;
    if (cursor.peek() == '?') kind = &terms->optional;
    if (kind != &terms->required) cursor.advance(1);
    kind->push_back(TRY(parse_term(cursor)));
  }
  return terms;
}

Result<Pattern> Pattern::parse(std::string_view text) {
  while (!text.empty() && std::string_view{" \t\r\n"}.contains(text.front())) text.remove_prefix(1);
  while (!text.empty() && std::string_view{" \t\r\n"}.contains(text.back())) text.remove_suffix(1);
  Pattern pattern;
  if (text.empty()) return pattern;
  if (count_regexes(text) > kRegexesMax) return failure(invalid_pattern());
  if (text.front() == '{') {
    pattern.matcher_ = TRY(parse_json_pattern(text));
  } else if (text.front() == '[') {
    pattern.matcher_ = TRY(parse_fields_pattern(text));
  } else {
    pattern.matcher_ = TRY(parse_terms(text));
  }
  return pattern;
}

}  // namespace localcloud::logs::filter
