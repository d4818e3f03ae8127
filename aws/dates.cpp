// Moments as text, on chrono's calendar.

#include "aws/dates.hpp"

#include <array>
#include <chrono>
#include <cmath>

#include "base/text.hpp"

namespace aws {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// A moment taken apart.
struct Parts {
  int year = 0;
  unsigned month = 0, day = 0, weekday = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
};

Parts parts_of(base::Time time) {
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{floor<std::chrono::milliseconds>(time - day)};
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .weekday = std::chrono::weekday{day}.c_encoding(),
          .hour = static_cast<unsigned>(clock.hours().count()),
          .minute = static_cast<unsigned>(clock.minutes().count()),
          .second = static_cast<unsigned>(clock.seconds().count()),
          .millisecond = static_cast<unsigned>(clock.subseconds().count())};
}

void put(std::string& out, unsigned number, int width) {
  std::array<char, 4> digits{};
  for (int i = width - 1; i >= 0; --i, number /= 10)
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 10);
  out.append(digits.data(), static_cast<std::size_t>(width));
}

// Takes texts and numbers from the front of a view; any mismatch spoils the whole.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void expect(std::string_view word) {
    good_ = good_ && text_.starts_with(word);
    if (good_) text_.remove_prefix(word.size());
  }
  void expect_either(char a, char b) {
    good_ = good_ && !text_.empty() && (text_[0] == a || text_[0] == b);
    if (good_) text_.remove_prefix(1);
  }
  unsigned digits(std::size_t width) {
    unsigned number = 0;
    good_ = good_ && text_.size() >= width;
    for (std::size_t i = 0; good_ && i < width; ++i) {
      good_ = is_digit(text_[i]);
      number = number * 10 + static_cast<unsigned>(text_[i] - '0');
    }
    if (good_) text_.remove_prefix(width);
    return number;
  }
  // The digits that are next, at least one, as microseconds after a decimal point.
  microseconds fraction() {
    std::int64_t us = 0;
    std::int64_t unit = 100'000;
    good_ = good_ && !text_.empty() && is_digit(text_[0]);
    for (; good_ && !text_.empty() && is_digit(text_[0]); text_.remove_prefix(1), unit /= 10)
      us += (text_[0] - '0') * unit;
    return microseconds{us};
  }
  template <std::size_t N>
  unsigned one_of(const std::array<std::string_view, N>& words) {  // its place, from 0
    for (unsigned i = 0; good_ && i < N; ++i) {
      if (!text_.starts_with(words[i])) continue;
      text_.remove_prefix(words[i].size());
      return i;
    }
    good_ = false;
    return 0;
  }
  bool next_is(char c) const { return !text_.empty() && text_[0] == c; }
  std::string_view rest() const { return text_; }
  bool done() const { return good_ && text_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view text_;
  bool good_ = true;
};

std::optional<base::Time> time_of(const Parts& parts) {
  const std::chrono::year_month_day date{std::chrono::year{parts.year}, std::chrono::month{parts.month},
                                         std::chrono::day{parts.day}};
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  return base::Time{std::chrono::sys_days{date}} + hours{parts.hour} + minutes{parts.minute} + seconds{parts.second};
}

void put_date(std::string& out, const Parts& parts, std::string_view separator) {
  put(out, static_cast<unsigned>(parts.year), 4);
  out += separator;
  put(out, parts.month, 2);
  out += separator;
  put(out, parts.day, 2);
}

void put_clock(std::string& out, const Parts& parts, std::string_view separator) {
  put(out, parts.hour, 2);
  out += separator;
  put(out, parts.minute, 2);
  out += separator;
  put(out, parts.second, 2);
}

}  // namespace

std::string format_rfc3339(base::Time time) {
  const Parts parts = parts_of(time);
  std::string out;
  out.reserve(20);
  put_date(out, parts, "-");
  out += 'T';
  put_clock(out, parts, ":");
  return out += 'Z';
}

// Written in place: each event has three of these.
std::string format_rfc3339_ms(base::Time time) {
  const Parts parts = parts_of(time);
  std::string out = "0000-00-00T00:00:00.000Z";
  const auto set = [&out](std::size_t end, unsigned number, int width) {
    for (; width > 0; --width, number /= 10) out[--end] = static_cast<char>('0' + number % 10);
  };
  set(4, static_cast<unsigned>(parts.year), 4);
  set(7, parts.month, 2);
  set(10, parts.day, 2);
  set(13, parts.hour, 2);
  set(16, parts.minute, 2);
  set(19, parts.second, 2);
  set(23, parts.millisecond, 3);
  return out;
}

std::string format_basic(base::Time time) {
  const Parts parts = parts_of(time);
  std::string out;
  out.reserve(16);
  put_date(out, parts, "");
  out += 'T';
  put_clock(out, parts, "");
  return out += 'Z';
}

std::string format_basic_date(base::Time time) {
  std::string out;
  put_date(out, parts_of(time), "");
  return out;
}

std::string format_http_date(base::Time time) {
  const Parts parts = parts_of(time);
  std::string out;
  out.reserve(29);
  out.append(kWeekdays[parts.weekday]).append(", ");
  put(out, parts.day, 2);
  out.append(" ").append(kMonths[parts.month - 1]).append(" ");
  put(out, static_cast<unsigned>(parts.year), 4);
  out += ' ';
  put_clock(out, parts, ":");
  return out.append(" GMT");
}

std::string format_epoch_s(base::Time time) {
  const std::int64_t us = base::to_unix_us(time);
  const std::int64_t magnitude = us < 0 ? -us : us;
  std::string out = us < 0 ? "-" : "";
  out += std::to_string(magnitude / 1'000'000);
  if (const std::int64_t fraction = magnitude % 1'000'000; fraction != 0) {
    std::string digits = std::to_string(1'000'000 + fraction);
    while (digits.back() == '0') digits.pop_back();
    out.append(".").append(digits, 1);
  }
  return out;
}

std::optional<base::Time> parse_rfc3339(std::string_view text) {
  Scanner in(text);
  Parts parts;
  parts.year = static_cast<int>(in.digits(4));
  in.expect("-");
  parts.month = in.digits(2);
  in.expect("-");
  parts.day = in.digits(2);
  in.expect_either('T', 't');
  parts.hour = in.digits(2);
  in.expect(":");
  parts.minute = in.digits(2);
  in.expect(":");
  parts.second = in.digits(2);
  microseconds fraction{0};
  if (in.next_is('.')) {
    in.expect(".");
    fraction = in.fraction();
  }
  minutes offset{0};
  if (in.next_is('+') || in.next_is('-')) {
    const int sign = in.next_is('+') ? 1 : -1;
    in.expect_either('+', '-');
    const unsigned offset_hours = in.digits(2);
    in.expect(":");
    const unsigned offset_minutes = in.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset = sign * minutes{offset_hours * 60 + offset_minutes};
  } else {
    in.expect_either('Z', 'z');
  }
  if (!in.done()) return std::nullopt;
  const auto time = time_of(parts);
  if (!time) return std::nullopt;
  return *time + fraction - offset;
}

std::optional<base::Time> parse_basic(std::string_view text) {
  Scanner in(text);
  Parts parts;
  parts.year = static_cast<int>(in.digits(4));
  parts.month = in.digits(2);
  parts.day = in.digits(2);
  in.expect("T");
  parts.hour = in.digits(2);
  parts.minute = in.digits(2);
  parts.second = in.digits(2);
  in.expect("Z");
  return in.done() ? time_of(parts) : std::nullopt;
}

std::optional<base::Time> parse_http_date(std::string_view text) {
  Scanner in(text);
  Parts parts;
  in.one_of(kWeekdays);
  in.expect(", ");
  parts.day = in.digits(2);
  in.expect(" ");
  parts.month = in.one_of(kMonths) + 1;
  in.expect(" ");
  parts.year = static_cast<int>(in.digits(4));
  in.expect(" ");
  parts.hour = in.digits(2);
  in.expect(":");
  parts.minute = in.digits(2);
  in.expect(":");
  parts.second = in.digits(2);
  in.one_of(std::array<std::string_view, 3>{" GMT", " UTC", " +0000"});
  return in.done() ? time_of(parts) : std::nullopt;
}

std::optional<base::Time> parse_epoch_s(std::string_view text) {
  constexpr std::int64_t kLargest = 253'402'300'799;  // the end of the year 9999
  const auto point = text.find_first_of(".eE");
  if (point == std::string_view::npos) {
    const auto whole = base::to_number<std::int64_t>(text);
    if (!whole || *whole > kLargest || *whole < -kLargest) return std::nullopt;
    return base::from_unix_s(*whole);
  }
  // Doubles hold microseconds exactly enough until the year 2255; rounding undoes what they lose.
  const auto number = base::to_number<double>(text);
  if (!number || !std::isfinite(*number) || std::abs(*number) > static_cast<double>(kLargest)) return std::nullopt;
  return base::from_unix_us(std::llround(*number * 1e6));
}

}  // namespace aws
