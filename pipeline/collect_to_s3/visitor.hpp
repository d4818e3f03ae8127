#pragma once
// Who may have sent a request, on wires that name nobody. Pure.

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "pipeline/collect_to_s3/http.hpp"
#include "pipeline/event/envelope.hpp"

namespace pipeline::collect_to_s3 {

// Whether events of that wire may say nothing of who they are of. Umami, Plausible and Matomo without cookies tell
// visitors apart by their address and browser, for a day.
bool may_name_nobody(event::Wire wire);

// 32 hex digits: the same for a source, a day of UTC, an address and a browser. It is a pseudonym: whoever knows the
// rest can find the address by trying all of them.
std::string visitor_of(const Request& request, std::string_view source, base::Time received_at);

}  // namespace pipeline::collect_to_s3
