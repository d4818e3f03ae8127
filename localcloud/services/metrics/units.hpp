#pragma once
// The units that a value can have, in the order of AWS's model. Their numbers are in the store: append only.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace localcloud::metrics {

enum class Unit : std::uint8_t {
  seconds,
  microseconds,
  milliseconds,
  bytes,
  kilobytes,
  megabytes,
  gigabytes,
  terabytes,
  bits,
  kilobits,
  megabits,
  gigabits,
  terabits,
  percent,
  count,
  bytes_per_second,
  kilobytes_per_second,
  megabytes_per_second,
  gigabytes_per_second,
  terabytes_per_second,
  bits_per_second,
  kilobits_per_second,
  megabits_per_second,
  gigabits_per_second,
  terabits_per_second,
  count_per_second,
  none
};

constexpr std::array<std::string_view, 27> wire_names(Unit) {
  return {
      "Seconds",          "Microseconds",     "Milliseconds", "Bytes",           "Kilobytes",        "Megabytes",
      "Gigabytes",        "Terabytes",        "Bits",         "Kilobits",        "Megabits",         "Gigabits",
      "Terabits",         "Percent",          "Count",        "Bytes/Second",    "Kilobytes/Second", "Megabytes/Second",
      "Gigabytes/Second", "Terabytes/Second", "Bits/Second",  "Kilobits/Second", "Megabits/Second",  "Gigabits/Second",
      "Terabits/Second",  "Count/Second",     "None"};
}

constexpr std::optional<Unit> parse_unit(std::string_view name) {
  const auto names = wire_names(Unit{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Unit>(i);
  }
  return std::nullopt;
}

constexpr std::string_view name_of(Unit unit) {
  return wire_names(Unit{})[static_cast<std::size_t>(unit)];
}

}  // namespace localcloud::metrics
