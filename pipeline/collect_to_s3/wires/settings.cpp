// Settings of SDKs for browsers.

#include "pipeline/collect_to_s3/wires/settings.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::string_view kSegmentBegin = "/v1/projects/";
constexpr std::string_view kSegmentEnd = "/settings";
constexpr std::string_view kRudderStackEnd = "/sourceConfig";

// https://segment.com/docs/connections/sources/catalog/libraries/website/javascript/
json::Object segment_settings(const Request& request, std::string_view write_key) {
  // A function URL is behind TLS; localcloud's port says what it is.
  const std::string_view forwarded = request.header("x-forwarded-proto");
  json::Object destination{{"apiKey", write_key},
                           {"apiHost", std::string(request.header("host")) + "/v1"},
                           {"protocol", forwarded.empty() ? std::string_view("https") : forwarded},
                           {"addBundledMetadata", true},
                           {"unbundledIntegrations", json::Array{}},
                           {"bundledConfigIds", json::Array{}}};
  json::Object track{{"__default", json::Object{{"enabled", true}, {"integrations", json::Object{}}}}};
  return {{"integrations", json::Object{{"Segment.io", std::move(destination)}}},
          {"plan", json::Object{{"track", std::move(track)}}},
          {"edgeFunction", json::Object{}},
          {"middlewareSettings", json::Object{}},
          {"enabledMiddleware", json::Object{}},
          {"metrics", json::Object{{"sampleRate", 0}}},  // else the SDK reports on itself to Segment
          {"remotePlugins", json::Array{}}};
}

// https://www.rudderstack.com/docs/sources/event-streams/sdks/rudderstack-javascript-sdk/
json::Object rudderstack_settings(std::string_view write_key) {
  const auto off = [] { return json::Object{{"enabled", false}}; };
  json::Object statistics{{"errors", off()}, {"metrics", off()}};  // else the SDK reports on itself to RudderStack
  return {{"source", json::Object{{"id", "event-pipeline"},
                                  {"name", "event-pipeline"},
                                  {"writeKey", write_key},
                                  {"enabled", true},
                                  {"workspaceId", "event-pipeline"},
                                  {"config", json::Object{{"statsCollection", std::move(statistics)}}},
                                  {"dataplanes", json::Object{}},
                                  {"connections", json::Array{}},
                                  {"destinations", json::Array{}}}},
          {"consentManagementMetadata", json::Object{}}};
}

// https://posthog.com/docs/libraries/js: nothing but events is to be had here.
json::Object posthog_settings() {
  json::Array compressions{"gzip", "gzip-js"};
  return {{"supportedCompression", std::move(compressions)},
          {"hasFeatureFlags", false},
          {"autocapture_opt_out", false},
          {"autocaptureExceptions", false},
          {"capturePerformance", false},
          {"captureDeadClicks", false},
          {"sessionRecording", false},
          {"heatmaps", false},
          {"surveys", false},
          {"siteApps", json::Array{}},
          {"defaultIdentifiedOnly", true}};
}

json::Object posthog_flags() {
  return {{"flags", json::Object{}},
          {"featureFlags", json::Object{}},
          {"featureFlagPayloads", json::Object{}},
          {"errorsWhileComputingFlags", false}};
}

}  // namespace

std::optional<json::Object> settings_for(const Request& request) {
  if (request.method == "POST" && request.path == "/flags") return posthog_flags();
  if (request.method != "GET") return std::nullopt;
  const std::string_view path = request.path;
  if (path.starts_with(kSegmentBegin) && path.ends_with(kSegmentEnd) &&
      path.size() > kSegmentBegin.size() + kSegmentEnd.size()) {
    const std::string_view key =
        path.substr(kSegmentBegin.size(), path.size() - kSegmentBegin.size() - kSegmentEnd.size());
    return segment_settings(request, key);
  }
  if (path.starts_with("/array/") && path.ends_with("/config")) return posthog_settings();
  if (path.ends_with(kRudderStackEnd)) return rudderstack_settings(request.query_parameter("writeKey").value_or(""));
  return std::nullopt;
}

}  // namespace pipeline::collect_to_s3
