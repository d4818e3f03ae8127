#pragma once
// Answers that SDKs want in words of their own, so that they neither lose events nor send them again and again. Pure.

#include <string>
#include <vector>

#include "pipeline/collect_to_s3/http.hpp"
#include "pipeline/event/envelope.hpp"

namespace pipeline::collect_to_s3 {

// PostHog's Capture V1 wants a result for each event.
inline constexpr std::string_view kCaptureV1Path = "/i/v1/analytics/events";
Response capture_v1_results(const std::vector<std::string>& ids);

// The answer as the wire's clients must see it.
//
// - Snowplow's trackers drop their whole queue at a 4xx and grow it at others, Amplitude's send again and again what is
//   refused without a word on which events: a body that could not be decoded, but is kept, is answered 200.
// - A pixel is a pixel whatever happens, with the status that tells a tracker whether the event is durable.
// - Amplitude's SDKs go by a code within the answer, and take no for an answer only where it says "Invalid API key".
// - Mixpanel's want 1, or a status where they ask for words; Matomo's a count; OpenTelemetry's an empty message.
Response in_the_words_of(event::Wire wire, const Request& request, Response response);

}  // namespace pipeline::collect_to_s3
