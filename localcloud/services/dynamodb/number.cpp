// Exact decimal numbers on an unsigned __int128, which holds 38 digits.

#include "localcloud/services/dynamodb/number.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

using u128 = unsigned __int128;

constexpr auto kPowers = [] {
  std::array<u128, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

int count_digits(u128 digits) {
  const auto above = std::upper_bound(kPowers.begin() + 1, kPowers.end(), digits);
  return static_cast<int>(above - kPowers.begin());
}

ServiceError overflow() {
  return validation("Number overflow. Attempting to store a number with magnitude larger than supported range");
}
ServiceError underflow() {
  return validation("Number underflow. Attempting to store a number with magnitude smaller than supported range");
}
ServiceError too_many_digits() {
  return validation("Attempting to store more than 38 significant digits in a Number");
}
ServiceError not_numeric(std::string_view text) {
  std::string message = "The parameter cannot be converted to a numeric value";
  if (!text.empty()) message.append(": ").append(text);
  return validation(std::move(message));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The parts of a number's text. Exponents beyond ±100,000 stay there, which is far enough out of range.
struct Written {
  std::string_view whole;
  std::string_view fraction;
  long exponent = 0;
  bool negative = false;
};

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

std::optional<Written> dissect(std::string_view text) {
  Written written;
  written.negative = take_sign(text);
  written.whole = take_digits(text);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    written.fraction = take_digits(text);
  }
  if (written.whole.empty() && written.fraction.empty()) return std::nullopt;
  if (text.empty()) return written;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool exponent_negative = take_sign(text);
  const std::string_view exponent = take_digits(text);
  if (exponent.empty() || !text.empty()) return std::nullopt;
  for (const char c : exponent) written.exponent = std::min(written.exponent * 10 + (c - '0'), 100'000L);
  if (exponent_negative) written.exponent = -written.exponent;
  return written;
}

}  // namespace

Number::Number(std::int64_t value) {
  const bool negative = value < 0;
  const auto magnitude = negative ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  *this = canonical(magnitude, 0, negative);
}

Number Number::canonical(u128 digits, int exponent, bool negative) {
  Number number;
  if (digits == 0) return number;
  while (digits % 10 == 0) {
    digits /= 10;
    ++exponent;
  }
  number.high_ = static_cast<std::uint64_t>(digits >> 64);
  number.low_ = static_cast<std::uint64_t>(digits);
  number.exponent_ = static_cast<std::int16_t>(exponent);
  number.negative_ = negative;
  return number;
}

Number Number::from_parts(u128 digits, int exponent, int sign) {
  return canonical(digits, exponent, sign < 0);
}

Result<Number> Number::parse(std::string_view text) {
  const std::optional<Written> written = dissect(text);
  if (!written) return failure(not_numeric(text));

  // Trailing zeros are counted in `zeros` until a later digit shows that they are significant.
  u128 digits = 0;
  int count = 0;
  long zeros = 0;
  bool too_long = false;
  long significant_end = 0;  // index, in all digits, after the last non-zero one
  long index = 0;
  long leading = -1;  // index of the first non-zero digit
  for (const std::string_view part : {written->whole, written->fraction}) {
    for (const char c : part) {
      ++index;
      if (c == '0') {
        zeros += leading >= 0 ? 1 : 0;
        continue;
      }
      if (leading < 0) leading = index - 1;
      if (count + zeros + 1 > kDigitsMax) {
        too_long = true;
      } else {
        digits = digits * kPowers[static_cast<std::size_t>(zeros + 1)] + static_cast<u128>(c - '0');
        count += static_cast<int>(zeros) + 1;
        zeros = 0;
      }
      significant_end = index;
    }
  }
  if (leading < 0) return Number();
  const long whole = static_cast<long>(written->whole.size());
  const long magnitude = whole - 1 - leading + written->exponent;
  if (magnitude > kMagnitudeMax) return failure(overflow());
  if (magnitude < kMagnitudeMin) return failure(underflow());
  if (too_long) return failure(too_many_digits());
  return canonical(digits, static_cast<int>(whole - significant_end + written->exponent), written->negative);
}

int Number::digit_count() const {
  return std::max(1, count_digits(digits()));
}

void Number::append_text(std::string& out) const {
  std::array<char, 40> buffer;
  char* end = buffer.data() + buffer.size();
  char* begin = end;
  u128 rest = digits();
  do {
    *--begin = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  const std::string_view digits_text(begin, static_cast<std::size_t>(end - begin));
  if (negative_) out += '-';
  if (exponent_ >= 0) {
    out += digits_text;
    out.append(static_cast<std::size_t>(exponent_), '0');
    return;
  }
  const auto decimals = static_cast<std::size_t>(-exponent_);
  if (decimals < digits_text.size()) {
    out += digits_text.substr(0, digits_text.size() - decimals);
    out += '.';
    out += digits_text.substr(digits_text.size() - decimals);
    return;
  }
  out += "0.";
  out.append(decimals - digits_text.size(), '0');
  out += digits_text;
}

std::string Number::text() const {
  std::string out;
  append_text(out);
  return out;
}

std::size_t Number::size() const {
  if (is_zero()) return 1;
  return 1 + static_cast<std::size_t>(digit_count() + 1) / 2 + (negative_ ? 1 : 0);
}

std::optional<std::int64_t> Number::as_int64() const {
  if (exponent_ < 0 || magnitude() > 18) return std::nullopt;
  const u128 value = digits() * kPowers[static_cast<std::size_t>(exponent_)];
  const u128 limit = (static_cast<u128>(1) << 63) - (negative_ ? 0 : 1);
  if (value > limit) return std::nullopt;
  return static_cast<std::int64_t>(negative_ ? ~static_cast<std::uint64_t>(value) + 1
                                             : static_cast<std::uint64_t>(value));
}

Number Number::negated() const {
  Number number = *this;
  number.negative_ = !is_zero() && !negative_;
  return number;
}

u128 Number::aligned_digits() const {
  return digits() * kPowers[static_cast<std::size_t>(kDigitsMax - digit_count())];
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (a.sign() != b.sign()) return a.sign() <=> b.sign();
  if (a.is_zero()) return std::strong_ordering::equal;
  const Number& small = a.negative_ ? b : a;
  const Number& large = a.negative_ ? a : b;
  if (small.magnitude() != large.magnitude()) return small.magnitude() <=> large.magnitude();
  const u128 x = small.aligned_digits();
  const u128 y = large.aligned_digits();
  return x < y ? std::strong_ordering::less : x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
}

// The digits of both numbers lie in a common frame of decimal places, with one spare place for the carry. A frame of
// more than 40 places holds a sum of more than 38 digits: its lowest digit is not zero, and a difference can only lose
// its leading digits when the two magnitudes are neighbours.
Result<Number> add(const Number& a, const Number& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const int low = std::min<int>(a.exponent_, b.exponent_);
  const int high = std::max(a.magnitude(), b.magnitude());
  constexpr int kFrame = 40;
  if (high - low + 1 > kFrame) return failure(too_many_digits());

  std::array<int, kFrame + 1> places{};  // the lowest first; each the signed sum of its two digits
  for (const Number* number : {&a, &b}) {
    u128 rest = number->digits();
    for (auto place = static_cast<std::size_t>(number->exponent_ - low); rest != 0; ++place, rest /= 10) {
      const int digit = static_cast<int>(rest % 10);
      places[place] += number->negative_ ? -digit : digit;
    }
  }
  // The sign of the sum is that of the highest place that isn't zero, once all places have been carried one way.
  const bool negative = (a <=> b.negated()) < 0;
  int carry = 0;
  std::size_t last = 0;
  std::size_t first = places.size();
  for (std::size_t i = 0; i < places.size(); ++i) {
    int digit = (negative ? -places[i] : places[i]) + carry;
    carry = digit < 0 ? -1 : digit / 10;
    digit -= carry * 10;
    places[i] = digit;
    if (digit == 0) continue;
    first = std::min(first, i);
    last = i;
  }
  CHECK(carry == 0);
  if (first == places.size()) return Number();
  if (low + static_cast<int>(last) > Number::kMagnitudeMax) return failure(overflow());
  if (low + static_cast<int>(last) < Number::kMagnitudeMin) return failure(underflow());
  if (last - first + 1 > Number::kDigitsMax) return failure(too_many_digits());
  u128 digits = 0;
  for (std::size_t i = last + 1; i-- > first;) digits = digits * 10 + static_cast<u128>(places[i]);
  return Number::canonical(digits, low + static_cast<int>(first), negative);
}

// 0x80 is zero; positive numbers follow 0x81 with their magnitude and their digits; negative ones are the complement.
void Number::append_ordered(std::string& out) const {
  if (is_zero()) {
    out += '\x80';
    return;
  }
  std::array<unsigned char, 18> bytes;
  bytes[0] = 0x81;
  bytes[1] = static_cast<unsigned char>(magnitude() - kMagnitudeMin);
  const u128 aligned = aligned_digits();
  for (std::size_t i = 0; i < 16; ++i) bytes[2 + i] = static_cast<unsigned char>(aligned >> (8 * (15 - i)));
  for (unsigned char& byte : bytes) {
    if (negative_) byte = static_cast<unsigned char>(~byte);
  }
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace localcloud::dynamodb
