// Which wire a path carries, SDK by SDK.

#include <array>

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

using event::Wire;

constexpr std::pair<std::string_view, Wire> kPaths[] = {
    {"/v1/events", Wire::events},
    // Segment's HTTP API, its SDKs for servers and phones, and RudderStack's.
    {"/v1/batch", Wire::segment},
    {"/v1/track", Wire::segment_track},
    {"/v1/page", Wire::segment_page},
    {"/v1/screen", Wire::segment_screen},
    {"/v1/identify", Wire::segment_identify},
    {"/v1/group", Wire::segment_group},
    {"/v1/alias", Wire::segment_alias},
    // Segment's SDK for browsers.
    {"/v1/b", Wire::segment},
    {"/v1/t", Wire::segment_track},
    {"/v1/p", Wire::segment_page},
    {"/v1/s", Wire::segment_screen},
    {"/v1/i", Wire::segment_identify},
    {"/v1/g", Wire::segment_group},
    {"/v1/a", Wire::segment_alias},
    // RudderStack's SDK for browsers, where a page is being left.
    {"/beacon/v1/batch", Wire::segment},
    // PostHog's SDKs; the last is what they call Capture V1.
    {"/batch", Wire::posthog},
    {"/e", Wire::posthog},
    {"/capture", Wire::posthog},
    {"/i/v0/e", Wire::posthog},
    {"/i/v1/analytics/events", Wire::posthog},
    // Snowplow's trackers.
    {"/com.snowplowanalytics.snowplow/tp2", Wire::snowplow},
    {"/i", Wire::snowplow_query},
    {"/v1/cloudevents", Wire::cloudevents},
    // AWS's Clickstream Analytics SDKs.
    {"/collect", Wire::clickstream},
    // Jitsu's SDK.
    {"/api/s/track", Wire::segment_track},
    {"/api/s/page", Wire::segment_page},
    {"/api/s/screen", Wire::segment_screen},
    {"/api/s/identify", Wire::segment_identify},
    {"/api/s/group", Wire::segment_group},
    {"/api/s/alias", Wire::segment_alias},
    // OpenTelemetry's exporters of logs.
    {"/v1/logs", Wire::otlp},
    // Amplitude's SDKs; what they send in batches comes to /batch, as PostHog's does.
    {"/2/httpapi", Wire::amplitude},
    // Mixpanel's SDKs.
    {"/track", Wire::mixpanel},
    {"/engage", Wire::mixpanel_engage},
    {"/groups", Wire::mixpanel_groups},
    {"/import", Wire::mixpanel},  // of older events, by whoever has the project's secret: the write key
    // Matomo's trackers; it was Piwik once.
    {"/matomo.php", Wire::matomo},
    {"/piwik.php", Wire::matomo},
    {"/api/send", Wire::umami},
    {"/api/batch", Wire::umami},
    {"/api/event", Wire::plausible},
};

}  // namespace

std::optional<Wire> wire_of_path(std::string_view path) {
  for (const auto& [known, wire] : kPaths) {
    if (path == known) return wire;
  }
  return std::nullopt;
}

std::string_view methods_of(Wire wire) {
  switch (wire) {
    case Wire::snowplow_query:
      return "GET";
    case Wire::mixpanel:
    case Wire::mixpanel_engage:
    case Wire::mixpanel_groups:
    case Wire::matomo:
      return "GET, POST";
    default:
      return "POST";
  }
}

}  // namespace pipeline::collect_to_s3
