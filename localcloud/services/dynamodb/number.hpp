#pragma once
// DynamoDB's numbers: 38 decimal digits, exact, from 1E-130 to 9.99…E125 on either side of zero.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::dynamodb {

// sign × digits × 10^exponent, kept in one form only: no trailing zeros in the digits, zero is +0 × 10^0.
class Number {
 public:
  static constexpr int kDigitsMax = 38;
  static constexpr int kMagnitudeMin = -130;  // of the leading digit
  static constexpr int kMagnitudeMax = 125;

  Number() = default;
  explicit Number(std::int64_t value);

  // The number that `text` writes ("12", "-0.50", "+6.02e23", ".5"), or the ValidationException that AWS answers.
  static Result<Number> parse(std::string_view text);
  // From the parts that encoding.cpp wrote.
  static Number from_parts(unsigned __int128 digits, int exponent, int sign);

  // Plain notation, never an exponent: AWS answers 1e5 as 100000.
  std::string text() const;
  void append_text(std::string& out) const;

  int sign() const { return is_zero() ? 0 : negative_ ? -1 : 1; }
  bool is_zero() const { return high_ == 0 && low_ == 0; }
  unsigned __int128 digits() const { return static_cast<unsigned __int128>(high_) << 64 | low_; }
  int exponent() const { return exponent_; }
  int digit_count() const;  // significant digits; 1 for zero
  // The bytes that AWS counts for it.
  std::size_t size() const;

  // Where it is integral and fits.
  std::optional<std::int64_t> as_int64() const;
  Number negated() const;

  friend bool operator==(const Number& a, const Number& b) = default;
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);

  // Exact, or the ValidationException where the sum needs more than 38 digits or leaves the range.
  friend Result<Number> add(const Number& a, const Number& b);

  // 1 or 18 bytes that sort as the numbers do.
  void append_ordered(std::string& out) const;

 private:
  static Number canonical(unsigned __int128 digits, int exponent, bool negative);
  unsigned __int128 aligned_digits() const;  // as many as 38, so that leading digits line up
  int magnitude() const { return exponent_ + digit_count() - 1; }

  // Two halves, since an __int128 member would pad every AttributeValue to 16 bytes.
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
  std::int16_t exponent_ = 0;
  bool negative_ = false;
};

Result<Number> add(const Number& a, const Number& b);
inline Result<Number> subtract(const Number& a, const Number& b) {
  return add(a, b.negated());
}

}  // namespace localcloud::dynamodb
