#pragma once
// Which session an event belongs to. Pure.

#include "base/clock.hpp"
#include "json/value.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::enrichment {

// {"id", "by"}. By "sdk" where the client's SDK keeps sessions (PostHog's, RudderStack's, Snowplow's, Amplitude's,
// AWS's, OpenTelemetry's), or the event itself has a session_id: that very id. Else by "half_hour": the same for all
// events of one identity in one half hour of UTC, by the event's own time. No event needs to know another for that; who
// is active beyond a full or a half hour has another session from then on, so there are more of these than a pause of
// thirty minutes would make, by one for each such boundary.
json::Object session_of(const event::Event& event, base::Time received_at);

}  // namespace pipeline::enrichment
