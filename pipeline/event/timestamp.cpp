// Client timestamps to UTC.

#include "pipeline/event/timestamp.hpp"

#include <cmath>
#include <string>

#include "aws/dates.hpp"
#include "base/text.hpp"

namespace pipeline::event {

namespace {

constexpr std::int64_t kYear1_s = -62'135'596'800;
constexpr std::int64_t kYear10000_s = 253'402'300'800;

std::optional<base::Time> to_ms_in_range(base::Time time) {
  const auto ms = base::to_unix_ms(time);
  if (ms < kYear1_s * 1000 || ms >= kYear10000_s * 1000) return std::nullopt;
  return base::from_unix_ms(ms);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<base::Time> parse_client_time(std::string_view text) {
  constexpr std::size_t kLengthMax = 64;
  if (text.size() < 20 || text.size() > kLengthMax) return std::nullopt;
  std::string form(text);
  if (form[10] == ' ' || form[10] == 't') form[10] = 'T';
  if (form.back() == 'z') form.back() = 'Z';
  // ISO 8601 lets an offset leave out its minutes, or its colon; RFC 3339 doesn't.
  if (const auto sign = form.find_first_of("+-", 11); sign != std::string::npos) {
    const std::string_view offset = std::string_view(form).substr(sign + 1);
    bool all_digits = true;
    for (const char c : offset) all_digits = all_digits && is_digit(c);
    if (all_digits && offset.size() == 2) {
      form += ":00";
    } else if (all_digits && offset.size() == 4) {
      form.insert(sign + 3, ":");
    }
  }
  const auto time = aws::parse_rfc3339(form);
  return time ? to_ms_in_range(*time) : std::nullopt;
}

std::optional<base::Time> from_client_number(const json::Number& number) {
  const double value = number.as_double();
  const double size = std::fabs(value);
  if (!(size < 1e17)) return std::nullopt;
  if (const auto whole = number.as_int64()) {
    if (size < 1e11) return to_ms_in_range(base::from_unix_s(*whole));
    if (size < 1e14) return to_ms_in_range(base::from_unix_ms(*whole));
    return to_ms_in_range(base::from_unix_us(*whole));
  }
  // A fraction is below a second or a millisecond, which a double carries to the microsecond for all of those sizes.
  const double us = size < 1e11 ? value * 1e6 : size < 1e14 ? value * 1e3 : value;
  return to_ms_in_range(base::from_unix_us(std::llround(us)));
}

}  // namespace pipeline::event
