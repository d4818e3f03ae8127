// The rules of a Choice state, and timestamps.

#include "localcloud/services/stepfunctions/asl/choice.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/timestamp.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

struct Comparator {
  std::string_view name;
  char kind;
};

constexpr Comparator kComparators[] = {
    {"StringEquals", 's'},
    {"StringLessThan", 's'},
    {"StringGreaterThan", 's'},
    {"StringLessThanEquals", 's'},
    {"StringGreaterThanEquals", 's'},
    {"StringMatches", '*'},
    {"NumericEquals", 'n'},
    {"NumericLessThan", 'n'},
    {"NumericGreaterThan", 'n'},
    {"NumericLessThanEquals", 'n'},
    {"NumericGreaterThanEquals", 'n'},
    {"BooleanEquals", 'b'},
    {"TimestampEquals", 't'},
    {"TimestampLessThan", 't'},
    {"TimestampGreaterThan", 't'},
    {"TimestampLessThanEquals", 't'},
    {"TimestampGreaterThanEquals", 't'},
    {"IsNull", 'i'},
    {"IsPresent", 'i'},
    {"IsNumeric", 'i'},
    {"IsString", 'i'},
    {"IsBoolean", 'i'},
    {"IsTimestamp", 'i'},
};

// `*` stands for any characters; a backslash makes a `*` or a backslash plain. Greedy with one point to return to, so
// that it takes time in proportion to the two lengths' product at most.
bool matches(std::string_view pattern, std::string_view text) {
  struct Token {
    char c;
    bool is_star;
  };
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size() && (pattern[i + 1] == '*' || pattern[i + 1] == '\\')) {
      tokens.push_back({pattern[++i], false});
    } else {
      tokens.push_back({pattern[i], pattern[i] == '*'});
    }
  }
  std::size_t at = 0, token = 0, star = std::string_view::npos, star_at = 0;
  while (at < text.size()) {
    if (token < tokens.size() && tokens[token].is_star) {
      star = token++;
      star_at = at;
    } else if (token < tokens.size() && tokens[token].c == text[at]) {
      ++token;
      ++at;
    } else if (star != std::string_view::npos) {
      token = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  while (token < tokens.size() && tokens[token].is_star) ++token;
  return token == tokens.size();
}

bool fits(std::string_view comparator, int order) {
  if (comparator.ends_with("LessThanEquals")) return order <= 0;
  if (comparator.ends_with("GreaterThanEquals")) return order >= 0;
  if (comparator.ends_with("LessThan")) return order < 0;
  if (comparator.ends_with("GreaterThan")) return order > 0;
  return order == 0;
}

std::optional<base::Time> as_timestamp(const json::Value& value) {
  return value.is_string() ? parse_timestamp(value.as_string()) : std::nullopt;
}

// A value of another kind than the comparator's doesn't match; that is no error.
bool compares(std::string_view comparator, char kind, const json::Value& left, const json::Value& right) {
  switch (kind) {
    case 's':
      return left.is_string() && right.is_string() && fits(comparator, left.as_string().compare(right.as_string()));
    case '*':
      return left.is_string() && right.is_string() && matches(right.as_string(), left.as_string());
    case 'n':
      return left.is_number() && right.is_number() && fits(comparator, compare(left.as_number(), right.as_number()));
    case 'b':
      return left.is_bool() && right.is_bool() && left.as_bool() == right.as_bool();
    case 't': {
      const std::optional<base::Time> a = as_timestamp(left), b = as_timestamp(right);
      return a && b && fits(comparator, *a < *b ? -1 : *a > *b ? 1 : 0);
    }
    default:
      return false;
  }
}

bool is_of_kind(std::string_view test, const json::Value& value) {
  if (test == "IsNull") return value.is_null();
  if (test == "IsNumeric") return value.is_number();
  if (test == "IsString") return value.is_string();
  if (test == "IsBoolean") return value.is_bool();
  if (test == "IsTimestamp") return as_timestamp(value).has_value();
  return true;  // IsPresent
}

}  // namespace

char comparator_kind(std::string_view name) {
  const auto* const found = std::ranges::find(kComparators, name, &Comparator::name);
  return found == std::end(kComparators) ? '\0' : found->kind;
}

Outcome<bool> ChoiceRule::holds(const json::Value& input, const Environment& environment) const {
  if (kind != Kind::comparison) {
    for (const ChoiceRule& part : parts) {
      const Outcome<bool> one = part.holds(input, environment);
      if (!one) return one;
      if (kind == Kind::negation) return !*one;
      if (*one == (kind == Kind::any)) return *one;
    }
    return kind == Kind::all;
  }
  const char kind = comparator_kind(comparator);
  const auto value = evaluate_path(*variable, input, environment);
  if (comparator == "IsPresent") return value.has_value() == expected.as_bool();
  const auto invalid = [&](const Path& path) {
    return std::unexpected(environment.runtime_error(
        "Invalid path '" + path.text() + "': The choice state's condition path references an invalid value."));
  };
  if (!value) return invalid(*variable);
  if (kind == 'i') return is_of_kind(comparator, *value) == expected.as_bool();
  if (!expected_path) return compares(comparator, kind, *value, expected);
  const auto other = evaluate_path(*expected_path, input, environment);
  if (!other) return invalid(*expected_path);
  return compares(comparator, kind, *value, *other);
}

}  // namespace localcloud::stepfunctions::asl
