#pragma once
// The moments that clients send: RFC 3339 in the forms that real clients write, and numbers since 1970. Pure.

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "json/value.hpp"

namespace pipeline::event {

// RFC 3339 with an offset, which may also be "+03" or "+0300"; a space may stand for the T. What is finer than a
// millisecond is cut off. Nothing where the text has no offset: a local time names no moment.
std::optional<base::Time> parse_client_time(std::string_view text);

// Seconds, milliseconds or microseconds since 1970, told apart by their size: below 10^11 seconds (the year 5138),
// below 10^14 milliseconds, below 10^17 microseconds. Nothing where it is none of those or lies outside the years 0001
// to 9999.
std::optional<base::Time> from_client_number(const json::Number& number);

}  // namespace pipeline::event
