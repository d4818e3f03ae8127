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

// The answer as the wire's clients must see it. A Snowplow tracker drops its whole queue at a 4xx and grows it at
// others, so a body that could not be decoded, but is kept, is answered 200. Its pixel is a pixel whatever happens,
// with the status that tells a tracker whether the event is durable.
Response in_the_words_of(event::Wire wire, Response response);

}  // namespace pipeline::collect_to_s3
