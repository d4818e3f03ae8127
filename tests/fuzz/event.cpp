// Events on every wire, and the envelopes they are kept in.

#include "pipeline/event/event.hpp"
#include "pipeline/event/envelope.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace pipeline::event;
  for (const Wire wire :
       {Wire::events, Wire::segment_track, Wire::segment_identify, Wire::posthog, Wire::snowplow, Wire::snowplow_query,
        Wire::cloudevents, Wire::clickstream, Wire::otlp, Wire::amplitude, Wire::mixpanel, Wire::mixpanel_engage,
        Wire::mixpanel_groups, Wire::matomo, Wire::umami, Wire::plausible}) {
    const Envelope envelope{.id = "e1",
                            .received_at = base::Time(std::chrono::seconds(1767225600)),
                            .wire = wire,
                            .source = "s",
                            .raw = std::string(input)};
    const auto event = read_event(envelope);
    CHECK(event || !event.error().reasons.empty());
    const auto again = read_envelope(write_envelope(envelope));
    CHECK(again && again->raw == input);
  }
  static_cast<void>(read_envelope(input));
}
