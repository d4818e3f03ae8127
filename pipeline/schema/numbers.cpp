// Exact decimal arithmetic, as far as the keywords need it.

#include "pipeline/schema/numbers.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/text.hpp"

namespace pipeline::schema {

namespace {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
  std::array<std::int64_t, 19> powers = {1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

SignedWide scaled(const Small& number, int scale) {
  return SignedWide{number.mantissa} * kPowersOfTen[static_cast<std::size_t>(scale - number.scale)];
}

// The exponents of zero mean nothing.
Small without_zeros(Small number) {
  if (number.mantissa == 0) return {};
  while (number.mantissa % 10 == 0) {
    number.mantissa /= 10;
    --number.scale;
  }
  return number;
}

std::uint64_t power_of_ten_modulo(std::uint64_t exponent, std::uint64_t modulus) {
  Wide result = 1 % modulus;
  Wide base = 10 % modulus;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return static_cast<std::uint64_t>(result);
}

}  // namespace

std::optional<Small> to_small(const json::Number& number) {
  constexpr std::ptrdiff_t kDigitsMax = 18;
  const std::string& text = number.text();
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool is_negative = *at == '-';
  if (is_negative) ++at;
  if (end - at > kDigitsMax + 1) return std::nullopt;
  Small small;
  std::uint64_t mantissa = 0;  // which holds a digit more
  const auto take_digits = [&] {
    const char* const begin = at;
    for (; at != end && *at >= '0' && *at <= '9'; ++at) mantissa = mantissa * 10 + static_cast<unsigned>(*at - '0');
    return at - begin;
  };
  const std::ptrdiff_t whole = take_digits();
  if (at != end && *at == '.') {
    ++at;
    small.scale = static_cast<int>(take_digits());
  }
  if (at != end || whole + small.scale > kDigitsMax) return std::nullopt;
  small.mantissa = static_cast<std::int64_t>(mantissa);
  if (is_negative) small.mantissa = -small.mantissa;
  return small;
}

bool Limit::allows(const json::Number& number) const {
  const int order = compare(number, bound);
  return (is_upper() ? order < 0 : order > 0) || (order == 0 && !is_exclusive());
}

std::string_view Limit::keyword() const {
  constexpr std::array<std::string_view, 4> kKeywords = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"};
  return kKeywords[static_cast<std::size_t>(kind)];
}

std::string_view Limit::demand() const {
  constexpr std::array<std::string_view, 4> kDemands = {"must be at least ", "must be at most ", "must be more than ",
                                                        "must be less than "};
  return kDemands[static_cast<std::size_t>(kind)];
}

Range::Range(std::vector<Limit> limits) : limits_(std::move(limits)) {
  for (const Limit& limit : limits_) {
    const auto bound = to_small(limit.bound);
    if (!bound) {
      highest_ = INT64_MIN;  // no number is surely allowed
      continue;
    }
    const std::int64_t unit = kPowersOfTen[static_cast<std::size_t>(bound->scale)];
    const std::int64_t rest = bound->mantissa % unit;
    const std::int64_t floor = bound->mantissa / unit - (rest < 0), ceiling = bound->mantissa / unit + (rest > 0);
    if (limit.is_upper()) {
      highest_ = std::min(highest_, limit.is_exclusive() ? ceiling - 1 : floor);
    } else {
      lowest_ = std::max(lowest_, limit.is_exclusive() ? floor + 1 : ceiling);
    }
  }
}

std::size_t number_hash(const json::Number& number) {
  const Decimal decimal = to_decimal(number);
  return std::hash<std::string>{}(decimal.digits) + static_cast<std::size_t>(decimal.exponent) * 1'000'003;
}

Decimal to_decimal(const json::Number& number) {
  std::string_view text = number.text();
  if (text.starts_with('-')) text.remove_prefix(1);
  Decimal decimal;
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    // An exponent beyond this is as good as any other: what follows only compares it.
    constexpr std::int64_t kHuge = 1'000'000'000;
    decimal.exponent = base::to_number<std::int64_t>(exponent).value_or(exponent.starts_with('-') ? -kHuge : kHuge);
    decimal.exponent = std::min(std::max(decimal.exponent, -kHuge), kHuge);
    text = text.substr(0, e);
  }
  for (const char c : text) {
    if (c != '.') decimal.digits += c;
  }
  if (const auto point = text.find('.'); point != std::string_view::npos) {
    decimal.exponent -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  decimal.digits.erase(0, decimal.digits.find_first_not_of('0'));
  while (decimal.digits.ends_with('0')) {
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  if (decimal.digits.empty()) return {"0", 0};
  return decimal;
}

bool is_multiple_of(const json::Number& number, const Divisor& divisor) {
  if (auto small = to_small(number); small && divisor.exponent <= 0 && divisor.exponent >= -18) {
    // An integer of 10^exponent, that the digits divide.
    const int scale = static_cast<int>(-divisor.exponent);
    if (small->scale > scale) *small = without_zeros(*small);
    if (small->scale > scale) return false;
    if (small->scale >= 0) {
      const SignedWide units = scaled(*small, scale);
      return (units < 0 ? -units : units) % divisor.digits == 0;
    }
  }
  const Decimal decimal = to_decimal(number);
  if (decimal.digits == "0") return true;
  // number / divisor = digits * 10^shift / divisor.digits. The digits end in no zero, so a negative shift leaves tenths
  // that only a power of ten within the divisor's digits could undo, and those end in no zero either.
  const std::int64_t shift = decimal.exponent - divisor.exponent;
  if (shift < 0) return false;
  Wide rest = 0;
  for (const char digit : decimal.digits) rest = (rest * 10 + static_cast<unsigned>(digit - '0')) % divisor.digits;
  rest = rest * power_of_ten_modulo(static_cast<std::uint64_t>(shift), divisor.digits) % divisor.digits;
  return rest == 0;
}

}  // namespace pipeline::schema
