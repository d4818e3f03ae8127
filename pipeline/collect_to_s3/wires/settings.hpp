#pragma once
// What SDKs for browsers ask for before they send anything: where to send to, and which integrations there are (none).
// Pure.

#include <optional>

#include "json/value.hpp"
#include "pipeline/collect_to_s3/http.hpp"

namespace pipeline::collect_to_s3 {

// The answer to GET /v1/projects/<write key>/settings (Segment), GET …/sourceConfig (RudderStack), GET
// /array/<write key>/config and POST /flags (PostHog); nothing for any other request. Whether the key is known isn't
// said: the answer holds nothing that the asker didn't bring.
std::optional<json::Object> settings_for(const Request& request);

}  // namespace pipeline::collect_to_s3
