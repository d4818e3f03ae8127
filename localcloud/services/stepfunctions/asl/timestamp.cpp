// RFC 3339 timestamps as the States Language reads and writes them.

#include "localcloud/services/stepfunctions/asl/timestamp.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

// Digits at [at, at + length) as a number; -1 where they aren't.
int digits(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return -1;
  const std::string_view part = text.substr(at, length);
  if (part.find_first_not_of("0123456789") != std::string_view::npos) return -1;
  return base::to_number<int>(part).value_or(-1);
}

}  // namespace

std::optional<base::Time> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < 17 || text.size() > 64 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':')
    return std::nullopt;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 0 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  std::size_t at = 16;
  int second = 0;
  std::int64_t fraction_us = 0;
  if (text[at] == ':') {
    second = digits(text, at + 1, 2);
    if (second < 0 || second > 59) return std::nullopt;
    at += 3;
    if (at < text.size() && text[at] == '.') {
      const std::size_t start = ++at;
      std::int64_t unit = 100'000;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
        fraction_us += (text[at] - '0') * unit;
      if (at == start || at - start > 9) return std::nullopt;
    }
  }
  const std::string_view zone = text.substr(at);
  std::int64_t offset_s = 0;
  if (zone != "Z") {
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
    const int hours = digits(zone, 1, 2), minutes = digits(zone, 4, 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return std::nullopt;
    offset_s = (hours * 3600 + minutes * 60) * (zone[0] == '-' ? -1 : 1);
  }
  return base::Time{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second - offset_s} +
         microseconds{fraction_us};
}

std::string write_timestamp(base::Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const std::int64_t ms = floor<milliseconds>(time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace localcloud::stepfunctions::asl
