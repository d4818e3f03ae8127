#pragma once
// Numbers by value, exactly, whatever their form: bounds, integers, multiples. The common ones, of at most 18 digits
// and without an exponent, cost some nanoseconds.

#include <cstddef>
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
  constexpr std::ptrdiff_t kDigitsMax = 18;
  const std::string& text = number.text();
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool is_negative = *at == '-';
  if (is_negative) ++at;
  if (end - at > kDigitsMax + 1) return std::nullopt;
  Small small;
  const auto take_digits = [&] {
    const char* const begin = at;
    for (; at != end && *at >= '0' && *at <= '9'; ++at) small.mantissa = small.mantissa * 10 + (*at - '0');
    return at - begin;
  };
  const std::ptrdiff_t whole = take_digits();
  if (at != end && *at == '.') {
    ++at;
    small.scale = static_cast<int>(take_digits());
  }
  if (at != end || whole + small.scale > kDigitsMax) return std::nullopt;
  if (is_negative) small.mantissa = -small.mantissa;
  return small;
}

// What a number is compared with.
struct Bound {
  explicit Bound(const json::Number& bound) : number(bound), small(to_small(bound)) {}
  json::Number number;
  std::optional<Small> small;
};

// Below 0, 0 or above 0.
int compare_scaled(const Small& number, const Small& bound);

// The same. `small` is to_small(number).
inline int compare(const json::Number& number, const std::optional<Small>& small, const Bound& bound) {
  if (!small || !bound.small) return compare(number, bound.number);
  const std::int64_t left = small->mantissa, right = bound.small->mantissa;
  if (small->scale != bound.small->scale && right != 0) return compare_scaled(*small, *bound.small);
  return left < right ? -1 : left > right ? 1 : 0;
}

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
