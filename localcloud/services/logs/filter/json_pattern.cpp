// Patterns over the members of a line that is JSON: { $.a.b[0] = "x*" && ($.n > 3 || $.c IS NULL) }.

#include "json/parse.hpp"
#include "localcloud/services/logs/filter/operand.hpp"
#include "localcloud/services/logs/filter/pattern.hpp"

namespace localcloud::logs::filter {

namespace {

constexpr int kDepthMax = 32;

// One step from a value to a value in it: a member's name or an element's index.
using Step = std::variant<std::string, std::size_t>;

enum class Kind { any_of, all_of, compare, is_null, is_true, is_false, is_missing };

struct Condition {
  Kind kind;
  std::vector<Condition> parts = {};  // of any_of and all_of
  std::vector<Step> path = {};
  Comparison comparison = Comparison::equal;
  Operand operand = {};
};

const json::Value* walk(const json::Value& root, const std::vector<Step>& path) {
  const json::Value* value = &root;
  for (const Step& step : path) {
    if (const auto* const name = std::get_if<std::string>(&step)) {
      value = value->find(*name);
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      value = value->is_array() && index < value->as_array().size() ? &value->as_array()[index] : nullptr;
    }
    if (!value) return nullptr;
  }
  return value;
}

bool holds(const Condition& condition, const json::Value& root) {
  if (condition.kind == Kind::any_of) {
    return std::ranges::any_of(condition.parts, [&](const Condition& part) { return holds(part, root); });
  }
  if (condition.kind == Kind::all_of) {
    return std::ranges::all_of(condition.parts, [&](const Condition& part) { return holds(part, root); });
  }
  const json::Value* const value = walk(root, condition.path);
  if (condition.kind == Kind::is_missing) return !value;
  if (!value) return false;
  switch (condition.kind) {
    case Kind::is_null:
      return value->is_null();
    case Kind::is_true:
      return value->is_bool() && value->as_bool();
    case Kind::is_false:
      return value->is_bool() && !value->as_bool();
    default:
      return condition.operand.holds(condition.comparison, *value);
  }
}

class JsonMatcher final : public Matcher {
 public:
  explicit JsonMatcher(Condition condition) : condition_(std::move(condition)) {}

  bool matches(std::string_view line) const override {
    const std::size_t first = line.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (line[first] != '{' && line[first] != '[')) return false;
    const auto value = json::parse(line);
    return value && holds(condition_, *value);
  }

 private:
  Condition condition_;
};

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

Result<std::vector<Step>> parse_selector(Cursor& cursor) {
  if (!cursor.take("$")) return failure(invalid_pattern());
  std::vector<Step> path;
  while (true) {
    if (cursor.peek() == '.') {
      cursor.advance(1);
      const std::string_view name = cursor.take_while(is_name_character);
      if (name.empty()) return failure(invalid_pattern());
      path.emplace_back(std::string{name});
    } else if (cursor.peek() == '[') {
      cursor.advance(1);
      const std::string_view digits = cursor.take_while([](char c) { return c >= '0' && c <= '9'; });
      if (digits.empty() || digits.size() > 9 || cursor.peek() != ']') return failure(invalid_pattern());
      cursor.advance(1);
      path.emplace_back(std::size_t{std::stoul(std::string{digits})});
    } else {
      break;
    }
  }
  if (path.empty()) return failure(invalid_pattern());
  return path;
}

Result<Condition> parse_any_of(Cursor& cursor, int depth);

Result<Condition> parse_one(Cursor& cursor, int depth) {
  if (cursor.take("(")) {
    Condition inner = TRY(parse_any_of(cursor, depth + 1));
    if (!cursor.take(")")) return failure(invalid_pattern());
    return inner;
  }
  Condition condition{Kind::compare};
  condition.path = TRY(parse_selector(cursor));
  if (cursor.take_word("IS")) {
    if (cursor.take_word("NULL")) {
      condition.kind = Kind::is_null;
    } else if (cursor.take_word("TRUE")) {
      condition.kind = Kind::is_true;
    } else if (cursor.take_word("FALSE")) {
      condition.kind = Kind::is_false;
    } else {
      return failure(invalid_pattern());
    }
    return condition;
  }
  if (cursor.take_word("NOT")) {
    if (!cursor.take_word("EXISTS")) return failure(invalid_pattern());
    condition.kind = Kind::is_missing;
    return condition;
  }
  const std::optional<Comparison> comparison = cursor.take_comparison();
  if (!comparison) return failure(invalid_pattern());
  condition.comparison = *comparison;
  condition.operand = TRY(Operand::parse(cursor, ")}"));
  if (!condition.operand.allows(*comparison)) return failure(invalid_pattern());
  return condition;
}

// One or more of `parse_part`, with `sign` between them.
template <class ParsePart>
Result<Condition> parse_list(Cursor& cursor, Kind kind, std::string_view sign, ParsePart parse_part) {
  Condition list{kind};
  do {
    list.parts.push_back(TRY(parse_part()));
  } while (cursor.take(sign));
  if (list.parts.size() > 1) return list;
  return std::move(list.parts.front());
}

Result<Condition> parse_any_of(Cursor& cursor, int depth) {
  if (depth > kDepthMax) return failure(invalid_pattern());
  return parse_list(cursor, Kind::any_of, "||",
                    [&] { return parse_list(cursor, Kind::all_of, "&&", [&] { return parse_one(cursor, depth); }); });
}

}  // namespace

Result<std::shared_ptr<const Matcher>> parse_json_pattern(std::string_view text) {
  Cursor cursor{text};
  cursor.take("{");
  Condition condition = TRY(parse_any_of(cursor, 0));
  if (!cursor.take("}")) return failure(invalid_pattern());
  cursor.skip_spaces();
  if (!cursor.at_end()) return failure(invalid_pattern());
  return std::make_shared<JsonMatcher>(std::move(condition));
}

}  // namespace localcloud::logs::filter
