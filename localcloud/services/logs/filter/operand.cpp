// Comparisons in filter patterns.

#include "localcloud/services/logs/filter/operand.hpp"

#include <re2/re2.h>

#include "base/text.hpp"
#include "localcloud/services/logs/filter/pattern.hpp"

namespace localcloud::logs::filter {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool holds_number(Comparison comparison, double left, double right) {
  switch (comparison) {
    case Comparison::equal:
      return left == right;
    case Comparison::not_equal:
      return left != right;
    case Comparison::less:
      return left < right;
    case Comparison::less_or_equal:
      return left <= right;
    case Comparison::greater:
      return left > right;
    case Comparison::greater_or_equal:
      return left >= right;
  }
  return false;
}

}  // namespace

void Cursor::skip_spaces() {
  take_while(is_space);
}

bool Cursor::take(std::string_view literal) {
  skip_spaces();
  if (!rest_.starts_with(literal)) return false;
  rest_.remove_prefix(literal.size());
  return true;
}

bool Cursor::take_word(std::string_view word) {
  skip_spaces();
  if (!rest_.starts_with(word)) return false;
  if (rest_.size() > word.size() && is_alphanumeric(rest_[word.size()])) return false;
  rest_.remove_prefix(word.size());
  return true;
}

std::optional<std::string> Cursor::take_quoted() {
  std::string text;
  for (std::size_t i = 1; i < rest_.size(); ++i) {
    char c = rest_[i];
    if (c == '"') {
      rest_.remove_prefix(i + 1);
      return text;
    }
    if (c == '\\' && i + 1 < rest_.size()) c = rest_[++i];
    text += c;
  }
  return std::nullopt;
}

std::optional<std::string> Cursor::take_regex() {
  const std::size_t end = rest_.find('%', 1);
  if (end == std::string_view::npos || end == 1) return std::nullopt;
  std::string text{rest_.substr(1, end - 1)};
  rest_.remove_prefix(end + 1);
  return text;
}

std::optional<Comparison> Cursor::take_comparison() {
  if (take("!=")) return Comparison::not_equal;
  if (take("<=")) return Comparison::less_or_equal;
  if (take(">=")) return Comparison::greater_or_equal;
  if (take("=")) return Comparison::equal;
  if (take("<")) return Comparison::less;
  if (take(">")) return Comparison::greater;
  return std::nullopt;
}

Result<std::shared_ptr<const re2::RE2>> compile_regex(const std::string& text) {
  // AWS takes no groups; an escaped parenthesis is a character like another.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '(' || text[i] == ')') {
      return failure(invalid_pattern());
    }
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto regex = std::make_shared<const RE2>(text, options);
  if (!regex->ok()) return failure(invalid_pattern());
  return regex;
}

bool contains_match(const re2::RE2& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

bool is_like(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      // Let the last star take one character more.
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Result<Operand> Operand::parse(Cursor& cursor, std::string_view terminators) {
  cursor.skip_spaces();
  Operand operand;
  if (cursor.peek() == '"') {
    std::optional<std::string> quoted = cursor.take_quoted();
    if (!quoted) return failure(invalid_pattern());
    operand.text_ = *std::move(quoted);
    return operand;
  }
  if (cursor.peek() == '%') {
    const std::optional<std::string> regex = cursor.take_regex();
    if (!regex) return failure(invalid_pattern());
    operand.regex_ = TRY(compile_regex(*regex));
    return operand;
  }
  const std::string_view word = cursor.take_while([terminators](char c) {
    return !is_space(c) && c != '&' && c != '|' && c != '"' && c != '%' && !terminators.contains(c);
  });
  if (word.empty()) return failure(invalid_pattern());
  operand.text_ = word;
  operand.number_ = base::to_number<double>(word.starts_with('+') ? word.substr(1) : word);
  return operand;
}

bool Operand::allows(Comparison comparison) const {
  return number_ || comparison == Comparison::equal || comparison == Comparison::not_equal;
}

bool Operand::equals(std::string_view text) const {
  return regex_ ? contains_match(*regex_, text) : is_like(text, text_);
}

bool Operand::holds(Comparison comparison, std::string_view text) const {
  if (number_) {
    if (const std::optional<double> number = base::to_number<double>(text)) {
      return holds_number(comparison, *number, *number_);
    }
  }
  if (comparison == Comparison::equal) return equals(text);
  return comparison == Comparison::not_equal && !equals(text);
}

bool Operand::holds(Comparison comparison, const json::Value& value) const {
  if (value.is_number()) {
    if (number_) return holds_number(comparison, value.as_number().as_double(), *number_);
    return holds(comparison, std::string_view{value.as_number().text()});
  }
  // A string is compared as a text, even where it looks like a number.
  const bool is_text_comparison = comparison == Comparison::equal || comparison == Comparison::not_equal;
  if (!is_text_comparison) return false;
  const bool negated = comparison == Comparison::not_equal;
  if (value.is_string()) return equals(value.as_string()) != negated;
  if (value.is_bool()) return equals(value.as_bool() ? "true" : "false") != negated;
  return negated && value.is_null();
}

int count_regexes(std::string_view pattern) {
  int marks = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '"') {
      quoted = !quoted;
    } else if (pattern[i] == '%' && !quoted) {
      ++marks;
    }
  }
  return marks / 2;
}

}  // namespace localcloud::logs::filter
