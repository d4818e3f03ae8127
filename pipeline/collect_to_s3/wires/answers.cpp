// Answers in the SDKs' words.

#include "pipeline/collect_to_s3/wires/answers.hpp"

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

// One transparent pixel.
constexpr unsigned char kPixel[] = {0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0,    0x80, 0, 0,    0, 0,
                                    0,    0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0,    0,    0, 0x2c, 0, 0,
                                    0,    0,    1,    0,    1,    0,    0, 2, 2, 0x44, 1,    0, 0x3b};

bool is_accepted(const Response& response) {
  return response.status < 300;
}

// Our own answer's members.
json::Object members_of(const Response& response) {
  auto parsed = json::parse(response.body);
  return parsed && parsed->is_object() ? std::move(parsed->as_object()) : json::Object{};
}

void set_text(Response& response, std::string_view type, std::string body) {
  set_header(response, "content-type", std::string(type));
  response.body = std::move(body);
}

Response pixel(Response response) {
  set_text(response, "image/gif", std::string(reinterpret_cast<const char*>(kPixel), sizeof kPixel));
  set_header(response, "cache-control", "no-store");
  return response;
}

// https://amplitude.com/docs/apis/analytics/http-v2
Response in_amplitudes_words(Response response) {
  if (response.status == 400) response.status = 200;  // it is kept
  json::Object members = members_of(response);
  members.set("code", response.status);
  if (response.status == 401) {
    members.set("error", "Invalid API key: " + std::string(members.find("error")->as_string()));
  }
  if (const json::Value* received = members.find("received")) {
    const json::Value count = *received;
    members.set("events_ingested", count);
  }
  response.body = json::write(members);
  return response;
}

// https://developer.mixpanel.com/reference/import-events
Response as_import(Response response) {
  json::Object members = members_of(response);
  json::Value count = is_accepted(response) ? members["received"] : json::Value(0);
  members.set("code", response.status);
  members.set("num_records_imported", std::move(count));
  members.set("status", is_accepted(response) ? "OK" : "Bad Request");
  response.body = json::write(members);
  return response;
}

// https://developer.mixpanel.com/reference/track-event
Response in_mixpanels_words(const Request& request, Response response) {
  if (request.query_parameter("strict") == "1") return as_import(std::move(response));
  const int status = is_accepted(response) ? 1 : 0;
  if (request.query_parameter("verbose").value_or("0") != "1") {
    set_text(response, "text/plain", std::to_string(status));
    return response;
  }
  json::Object members = members_of(response);
  json::Value error = members["error"];
  members.set("error", std::move(error));
  members.set("status", status);
  response.body = json::write(members);
  return response;
}

// https://umami.is/docs/api/sending-stats
Response in_umamis_words(const Request& request, Response response) {
  if (request.path != "/api/batch" || !is_accepted(response)) return response;
  json::Object members = members_of(response);
  json::Value count = members["received"];
  members.set("size", count);
  members.set("processed", std::move(count));
  members.set("errors", 0);
  members.set("details", json::Array{});
  response.body = json::write(members);
  return response;
}

// https://developer.matomo.org/api-reference/tracking-api
Response in_matomos_words(const Request& request, Response response) {
  if (!trim_json(without_marks(request.body)).starts_with('{')) {
    if (request.query_parameter("send_image") != "0" && parameter_of(request.body, "send_image") != "0")
      return pixel(std::move(response));
    if (is_accepted(response)) response = {.status = 204, .headers = {}, .body = {}};
    return response;
  }
  json::Object members = members_of(response);
  members.set("status", is_accepted(response) ? "success" : "error");
  if (is_accepted(response)) {
    members.set("tracked", json::Value(members["received"]));
    members.set("invalid", 0);
  }
  response.body = json::write(members);
  return response;
}

// ExportLogsServiceResponse, empty where everything was taken, else google.rpc.Status, in the request's own encoding.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
Response in_opentelemetrys_words(const Request& request, Response response) {
  const bool is_protobuf = media_type(request.header("content-type")) == kProtobuf;
  constexpr std::size_t kMessageBytesMax = 127;  // whose length is one byte
  std::string message;
  if (!is_accepted(response)) {
    message = json::Value(members_of(response)).get_string("error").value_or("").substr(0, kMessageBytesMax);
  }
  if (is_protobuf) {
    constexpr char kMessageTag = 2 << 3 | 2;
    set_text(response, kProtobuf,
             message.empty() ? std::string() : std::string{kMessageTag, static_cast<char>(message.size())} + message);
  } else {
    response.body = json::write(message.empty() ? json::Object{} : json::Object{{"message", message}});
  }
  return response;
}

}  // namespace

Response capture_v1_results(const std::vector<std::string>& ids) {
  json::Object results;
  for (const std::string& id : ids) results.set(id, json::Object{{"result", "ok"}});
  return json_response(200, json::Object{{"results", std::move(results)}});
}

Response in_the_words_of(event::Wire wire, const Request& request, Response response) {
  switch (wire) {
    case event::Wire::snowplow:
      if (response.status == 400 || response.status == 413) response.status = 200;
      return response;
    case event::Wire::posthog:
      if (response.status == 429) response.status = 503;  // posthog-js throws its events away at a 429
      return response;
    case event::Wire::snowplow_query:
      return pixel(std::move(response));
    case event::Wire::amplitude:
      return in_amplitudes_words(std::move(response));
    case event::Wire::mixpanel:
    case event::Wire::mixpanel_engage:
    case event::Wire::mixpanel_groups:
      return in_mixpanels_words(request, std::move(response));
    case event::Wire::umami:
      return in_umamis_words(request, std::move(response));
    case event::Wire::matomo:
      return in_matomos_words(request, std::move(response));
    case event::Wire::otlp:
      return in_opentelemetrys_words(request, std::move(response));
    default:
      return response;
  }
}

}  // namespace pipeline::collect_to_s3
