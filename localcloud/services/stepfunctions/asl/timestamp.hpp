#pragma once
// The timestamps of the States Language: RFC 3339 with a capital T and an offset or a capital Z. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace localcloud::stepfunctions::asl {

std::optional<base::Time> parse_timestamp(std::string_view text);

// "2026-11-22T13:00:00.123Z"
std::string write_timestamp(base::Time time);

}  // namespace localcloud::stepfunctions::asl
