#pragma once
// The forms in which AWS writes moments. All are UTC; years 0000 to 9999. Parsers answer nothing for what isn't exactly
// their form; what is finer than a microsecond is cut off. Pure, and by hand: libstdc++ 12 has no chrono::parse.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace aws {

std::string format_rfc3339(base::Time time);     // 2026-01-01T00:00:00Z
std::string format_rfc3339_ms(base::Time time);  // 2026-01-01T00:00:00.000Z
std::string format_basic(base::Time time);       // 20260101T000000Z, as in X-Amz-Date
std::string format_basic_date(base::Time time);  // 20260101, as in a credential's scope
std::string format_http_date(base::Time time);   // Thu, 01 Jan 2026 00:00:00 GMT (RFC 9110 §5.6.7)
std::string format_epoch_s(base::Time time);     // 1767225600, or with decimals where there are any: 1767225600.5

// RFC 3339 with any offset and any number of decimals; a leap second counts as the second after it.
std::optional<base::Time> parse_rfc3339(std::string_view text);
std::optional<base::Time> parse_basic(std::string_view text);  // 20260101T000000Z
std::optional<base::Time> parse_http_date(
    std::string_view text);                                      // the preferred form; GMT, UTC and +0000 are the same
std::optional<base::Time> parse_epoch_s(std::string_view text);  // seconds with or without decimals or an exponent

}  // namespace aws
