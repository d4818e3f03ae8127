#pragma once
// Numbers by value, exactly, whatever their form: bounds, integers, multiples. The common ones, of at most 18 digits
// and without an exponent, cost some nanoseconds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace pipeline::schema {

// mantissa / 10^scale.
struct Small {
  std::int64_t mantissa = 0;
  int scale = 0;
};

// Nothing for more digits, or an exponent.
inline std::optional<Small> to_small(const json::Number& number) {
  constexpr std::size_t kLengthMax = 20;  // with a sign and a point
  const std::string& text = number.text();
  if (text.size() > kLengthMax) return std::nullopt;
  Small small;
  std::size_t i = text[0] == '-' ? 1 : 0;
  const bool is_negative = i > 0;
  std::size_t digits = 0;
  bool has_point = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      small.mantissa = small.mantissa * 10 + (c - '0');
      small.scale += has_point ? 1 : 0;
      ++digits;
    } else if (c == '.') {
      has_point = true;
    } else {
      return std::nullopt;
    }
    if (digits > 18) return std::nullopt;
  }
  if (is_negative) small.mantissa = -small.mantissa;
  return small;
}

// What a number is compared with.
struct Bound {
  explicit Bound(const json::Number& bound) : number(bound), small(to_small(bound)) {}
  json::Number number;
  std::optional<Small> small;
};

// Below 0, 0 or above 0. `small` is to_small(number).
int compare(const json::Number& number, const std::optional<Small>& small, const Bound& bound);

// 1.0 and 1e2 are, too.
inline bool is_integral(const json::Number& number) {
  for (const char c : number.text()) {
    if (c == '.' || c == 'e' || c == 'E') return number.is_integral();
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
