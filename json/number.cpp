// Numbers by value: exact comparison of decimal texts, whatever their form.

#include <charconv>
#include <cmath>
#include <limits>

#include "base/check.hpp"
#include "json/value.hpp"

namespace json {

namespace {

// ±0.digits × 10^exponent; zero has no digits. Digits neither begin nor end with 0.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

// Exponents beyond this are as good as infinite, and keep the arithmetic below from overflowing.
constexpr std::int64_t kExponentMax = 1'000'000'000'000;

Decimal to_decimal(const std::string& text) {
  Decimal out;
  std::size_t i = 0;
  if (text[i] == '-') {
    out.negative = true;
    ++i;
  }
  std::int64_t point = 0;
  bool after_point = false;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      after_point = true;
      continue;
    }
    out.digits += text[i];
    if (!after_point) ++point;
  }
  if (i < text.size()) {
    ++i;
    bool negative_exponent = false;
    if (text[i] == '+' || text[i] == '-') negative_exponent = text[i++] == '-';
    std::int64_t exponent = 0;
    for (; i < text.size(); ++i) exponent = std::min(kExponentMax, exponent * 10 + (text[i] - '0'));
    out.exponent = negative_exponent ? -exponent : exponent;
  }
  const std::size_t first = out.digits.find_first_not_of('0');
  if (first == std::string::npos) return Decimal{};
  out.digits.erase(0, first);
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  out.exponent += point - static_cast<std::int64_t>(first);
  return out;
}

bool is_plain_integer(const std::string& text) {
  return text.find_first_of(".eE") == std::string::npos;
}

}  // namespace

Number::Number(double number) {
  CHECK(std::isfinite(number));
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  text_.assign(buffer, end);
}

double Number::as_double() const {
  double out = 0;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), out);
  if (error == std::errc::result_out_of_range) {
    const Decimal decimal = to_decimal(text_);
    if (decimal.exponent < 0) return decimal.negative ? -0.0 : 0.0;
    return decimal.negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  return out;
}

std::optional<std::int64_t> Number::as_int64() const {
  std::int64_t out = 0;
  if (is_plain_integer(text_)) {
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), out);
    if (error != std::errc{}) return std::nullopt;
    return out;
  }
  const Decimal decimal = to_decimal(text_);
  if (decimal.digits.empty()) return 0;
  if (decimal.exponent < static_cast<std::int64_t>(decimal.digits.size()) || decimal.exponent > 19) return std::nullopt;
  std::string whole = (decimal.negative ? "-" : "") + decimal.digits;
  whole.append(static_cast<std::size_t>(decimal.exponent) - decimal.digits.size(), '0');
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), out);
  if (error != std::errc{}) return std::nullopt;
  return out;
}

bool Number::is_integral() const {
  if (is_plain_integer(text_)) return true;
  const Decimal decimal = to_decimal(text_);
  return decimal.exponent >= static_cast<std::int64_t>(decimal.digits.size());
}

int compare(const Number& a, const Number& b) {
  const Decimal left = to_decimal(a.text_), right = to_decimal(b.text_);
  const int left_sign = left.digits.empty() ? 0 : left.negative ? -1 : 1;
  const int right_sign = right.digits.empty() ? 0 : right.negative ? -1 : 1;
  if (left_sign != right_sign) return left_sign < right_sign ? -1 : 1;
  if (left_sign == 0) return 0;
  int magnitude = 0;
  if (left.exponent != right.exponent) {
    magnitude = left.exponent < right.exponent ? -1 : 1;
  } else {
    magnitude = left.digits.compare(right.digits);
  }
  return left_sign > 0 ? magnitude : -magnitude;
}

bool operator==(const Number& a, const Number& b) {
  return a.text_ == b.text_ || compare(a, b) == 0;
}

}  // namespace json
