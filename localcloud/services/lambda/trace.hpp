#pragma once
// The X-Ray trace id that Lambda gives every invocation; nothing is sampled here.

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

namespace localcloud::lambda {

// "Root=1-<8 hex digits of seconds>-<24>;Parent=<16>;Sampled=0"
inline std::string make_trace_id(base::Ids& ids, base::Time now) {
  const auto seconds = static_cast<std::uint32_t>(base::to_unix_s(now));
  const char bytes[] = {static_cast<char>(seconds >> 24), static_cast<char>(seconds >> 16),
                        static_cast<char>(seconds >> 8), static_cast<char>(seconds)};
  return "Root=1-" + base::to_hex({bytes, 4}) + "-" + ids.hex(24) + ";Parent=" + ids.hex(16) + ";Sampled=0";
}

}  // namespace localcloud::lambda
