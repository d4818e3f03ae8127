#pragma once
// Numbers by value, exactly, whatever their form: bounds, integers, multiples. The common ones, of at most 18 digits
// and without an exponent, cost some nanoseconds.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace pipeline::schema {

// mantissa / 10^scale.
struct Small {
  std::int64_t mantissa = 0;
  int scale = 0;
};

// Nothing for more digits, or an exponent.
std::optional<Small> to_small(const json::Number& number);

struct Limit {
  enum class Kind : std::uint8_t { minimum, maximum, exclusive_minimum, exclusive_maximum } kind;
  json::Number bound;

  bool is_upper() const { return kind == Kind::maximum || kind == Kind::exclusive_maximum; }
  bool is_exclusive() const { return kind == Kind::exclusive_minimum || kind == Kind::exclusive_maximum; }
  bool allows(const json::Number& number) const;
  std::string_view keyword() const;  // e.g. "exclusiveMinimum"
  std::string_view demand() const;   // e.g. "must be more than "
};

// All limits of a node.
class Range {
 public:
  explicit Range(std::vector<Limit> limits);

  const std::vector<Limit>& limits() const { return limits_; }

  // The quick answer, for most of the numbers that are allowed: those between two whole ones that are.
  [[gnu::always_inline]] bool surely_has(const json::Number& number) const {
    constexpr std::size_t kCharactersMax = 18;
    const std::string& text = number.text();
    if (text.size() > kCharactersMax) return false;
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool is_negative = *at == '-';
    if (is_negative) ++at;
    const auto digit_at = [](const char* p) { return static_cast<unsigned char>(*p - '0'); };
    std::int64_t whole = 0;
    for (; at != end && digit_at(at) <= 9; ++at) whole = whole * 10 + digit_at(at);
    if (is_negative) whole = -whole;
    if (at == end) return lowest_ <= whole && whole <= highest_;
    if (*at != '.') return false;
    while (++at != end) {
      if (digit_at(at) > 9) return false;
    }
    return lowest_ <= whole - is_negative && whole + !is_negative <= highest_;
  }

 private:
  std::vector<Limit> limits_;
  // The whole numbers that are surely allowed.
  std::int64_t lowest_ = INT64_MIN;
  std::int64_t highest_ = INT64_MAX;
};

// 1.0 and 1e2 are, too.
inline bool is_integral(const json::Number& number) {
  for (const char c : number.text()) {
    if (c > '9' || c == '.') return number.is_integral();  // an exponent's e, or a fraction
  }
  return true;
}

// A number taken apart: ±digits * 10^exponent, digits without leading or trailing zeros ("0" for zero).
struct Decimal {
  std::string digits;
  std::int64_t exponent = 0;
};
Decimal to_decimal(const json::Number& number);

// multipleOf as digits * 10^exponent.
struct Divisor {
  std::string text;
  std::uint64_t digits;
  std::int64_t exponent;
};
bool is_multiple_of(const json::Number& number, const Divisor& divisor);

// The same for numbers of the same value.
std::size_t number_hash(const json::Number& number);

}  // namespace pipeline::schema
