// The wires of the SDKs, through the collector: what is kept of their bodies, and what they are answered.

#include "pipeline/collect_to_s3/wires/wires.hpp"

#include <gtest/gtest.h>

#include "aws/sigv4.hpp"
#include "pipeline/collect_to_s3/app_for_tests.hpp"

namespace pipeline::collect_to_s3 {
namespace {

// Segment's wire; both keys of its SDK; an empty batch is fine.
TEST_F(Collect, segment) {
  const std::string item = R"({ "type":"track","event":"A b","userId":"u","messageId":"m-1" })";
  Answer answer =
      send({.path = "/v1/batch/", .body = R"({"batch":[)" + item + R"(],"writeKey":"key-1"})", .headers = {}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(stored()[0].raw, item);
  EXPECT_EQ(stored()[0].id, "m-1");
  EXPECT_EQ(stored()[0].wire, event::Wire::segment);
  EXPECT_EQ(send({.path = "/v1/batch", .body = R"({"batch":[],"writeKey":"key-1"})"}).status, 200);
  EXPECT_EQ(send({.path = "/v1/batch", .body = R"({"batch":{}})"}).status, 400);
  EXPECT_EQ(send({.path = "/v1/batch", .body = "[]"}).status, 400);
  take_stored();
  EXPECT_EQ(send({.path = "/v1/track", .body = R"({"event":"x","userId":"u"})"}).status, 200);
  EXPECT_EQ(stored()[0].wire, event::Wire::segment_track);
}

// The paths of Segment's SDK for browsers, of RudderStack's beacon and of Jitsu, whose keys end in a secret.
TEST_F(Collect, sdks_of_segments_family) {
  EXPECT_EQ(send({.path = "/v1/t", .body = R"({"event":"x","userId":"u","writeKey":"key-1"})"}).status, 200);
  EXPECT_EQ(stored()[0].wire, event::Wire::segment_track);
  take_stored();
  EXPECT_EQ(send({.path = "/beacon/v1/batch", .body = R"({"batch":[{"type":"page","userId":"u"}],"writeKey":"key-1"})"})
                .status,
            200);
  EXPECT_EQ(stored()[0].wire, event::Wire::segment);
  take_stored();
  EXPECT_EQ(send({.path = "/api/s/page",
                  .body = R"({"userId":"u","writeKey":"key-1:***"})",
                  .headers = {{"x-write-key", "key-1:secret"}}})
                .status,
            200);
  EXPECT_EQ(stored()[0].wire, event::Wire::segment_page);
}

// PostHog: lists, single events, forms in base64, and Capture V1's result for each event.
TEST_F(Collect, posthog) {
  const std::string event = R"({"event":"$pageview","uuid":"e-1","distinct_id":"u"})";
  EXPECT_EQ(send({.path = "/batch/", .body = R"({"api_key":"key-1","batch":[)" + event + "]}"}).status, 200);
  EXPECT_EQ(stored()[0].id, "e-1");
  EXPECT_EQ(stored()[0].raw, event);
  EXPECT_EQ(stored()[0].wire, event::Wire::posthog);
  take_stored();
  const std::string single = R"({"api_key":"key-1","event":"x","uuid":"e-2","distinct_id":"u"})";
  EXPECT_EQ(send({.path = "/e/", .body = single}).status, 200);
  EXPECT_EQ(stored()[0].id, "e-2");
  take_stored();
  EXPECT_EQ(send({.path = "/e/", .body = "data=" + aws::uri_encode(base::to_base64(single))}).status, 200);
  EXPECT_EQ(stored()[0].raw, single);
  take_stored();
  EXPECT_EQ(
      send({.path = "/e/", .body = R"([{"event":"x","uuid":"e-3","distinct_id":"u","properties":{"token":"key-1"}}])"})
          .status,
      200);
  const Answer v1 = send({.path = "/i/v1/analytics/events",
                          .body = R"({"batch":[)" + event + "]}",
                          .headers = {{"authorization", "Bearer key-1"}}});
  EXPECT_EQ(v1.body.find("results")->find("e-1")->get_string("result"), "ok");
  EXPECT_EQ(send({.path = "/batch", .body = R"({"api_key":"key-1"})"}).status, 400);
}

// Snowplow: the application's id is the key; nothing is answered that makes a tracker drop or grow its queue.
TEST_F(Collect, snowplow) {
  const std::string item = R"({"e":"pv","eid":"s-1","aid":"key-1","uid":"u","url":"https://x/"})";
  EXPECT_EQ(
      send({.path = "/com.snowplowanalytics.snowplow/tp2", .body = R"({"schema":"iglu:…","data":[)" + item + "]}"})
          .status,
      200);
  EXPECT_EQ(stored()[0].id, "s-1");
  EXPECT_EQ(stored()[0].wire, event::Wire::snowplow);
  take_stored();
  const Answer broken = send(
      {.path = "/com.snowplowanalytics.snowplow/tp2", .body = R"({"data":[{)", .headers = {{"x-write-key", "key-1"}}});
  EXPECT_EQ(broken.status, 200);
  EXPECT_NE(only_key("quarantine/"), "");
}

// CloudEvents: structured, in batches, and binary, whose attributes are headers.
TEST_F(Collect, cloudevents) {
  const std::string one = R"({"specversion":"1.0","id":"c-1","type":"click","subject":"u"})";
  const auto post = [&](std::string type, std::string body) {
    return send({.path = "/v1/cloudevents",
                 .body = std::move(body),
                 .headers = {{"content-type", std::move(type)}, {"x-write-key", "key-1"}}})
        .status;
  };
  EXPECT_EQ(post("application/cloudevents+json; charset=utf-8", one), 200);
  EXPECT_EQ(stored()[0].raw, one);
  EXPECT_EQ(stored()[0].id, "c-1");
  take_stored();
  EXPECT_EQ(post("application/cloudevents-batch+json", "[" + one + "," + one + "]"), 200);
  EXPECT_EQ(stored().size(), 2U);
  take_stored();
  const Answer binary = send({.path = "/v1/cloudevents",
                              .body = R"({ "x": 1 })",
                              .headers = {{"x-write-key", "key-1"},
                                          {"ce-specversion", "1.0"},
                                          {"ce-id", "c-2"},
                                          {"ce-type", "click"},
                                          {"ce-subject", "u%201"}}});
  EXPECT_EQ(binary.status, 200);
  EXPECT_EQ(stored()[0].id, "c-2");
  EXPECT_NE(stored()[0].raw.find(R"("data":{ "x": 1 }})"), std::string::npos);
  const auto event = event::read_event(stored()[0]);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->user_id, "u 1");
  take_stored();
  const std::string closing = R"(1},"subject":"another")";
  EXPECT_EQ(
      send(
          {.path = "/v1/cloudevents",
           .body = closing,
           .headers = {{"x-write-key", "key-1"}, {"ce-specversion", "1.0"}, {"ce-type", "click"}, {"ce-subject", "u"}}})
          .status,
      200);
  EXPECT_EQ(json::parse(stored()[0].raw)->get_string("subject"), "u");
  EXPECT_EQ(json::parse(stored()[0].raw)->get_string("data"), closing);
}

// Snowplow's pixel: a pixel whatever happens, but a tracker is told where the event isn't durable.
TEST_F(Collect, snowplow_pixel) {
  const auto get = [&] {
    return send({.method = "GET", .path = "/i", .headers = {}, .query = "e=pv&eid=s-2&aid=key-1&uid=u"});
  };
  const Answer answer = get();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "image/gif");
  EXPECT_EQ(stored()[0].id, "s-2");
  fail_to_store();
  const Answer failed = get();
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(failed.header("content-type"), "image/gif");
  EXPECT_NE(failed.header("retry-after"), "");
}

// What SDKs for browsers ask for first names this collector as the only place to send to.
TEST_F(Collect, settings) {
  const Answer segment =
      send({.method = "GET", .path = "/v1/projects/key-1/settings", .headers = {{"host", "events.example"}}});
  EXPECT_EQ(segment.status, 200);
  const json::Value* destination = segment.body.find("integrations")->find("Segment.io");
  EXPECT_EQ(destination->get_string("apiHost"), "events.example/v1");
  EXPECT_EQ(destination->get_string("apiKey"), "key-1");
  const Answer rudderstack = send({.method = "GET", .path = "/sourceConfig/", .headers = {}});
  EXPECT_EQ(rudderstack.status, 200);
  EXPECT_EQ(rudderstack.body.find("source")->get_bool("enabled"), true);
  EXPECT_EQ(send({.method = "GET", .path = "/v1/projects/settings"}).status, 404);
}

// Amplitude: batches at a path of PostHog's, too, and a code in every answer. A refused key is told in the words that
// its SDKs take for an answer; a body that is kept is not sent again.
TEST_F(Collect, amplitude) {
  const std::string event = R"({ "event_type":"E","insert_id":"a-1","user_id":"u" })";
  const std::string body = R"({"api_key":"key-1","events":[)" + event + R"(],"options":{}})";
  for (const char* path : {"/2/httpapi", "/batch"}) {
    const Answer answer = send({.path = path, .body = body, .headers = {}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.get_int64("code"), 200);
    EXPECT_EQ(answer.body.get_int64("events_ingested"), 1);
    const auto envelopes = take_stored();
    ASSERT_EQ(envelopes.size(), 1U);
    EXPECT_EQ(envelopes[0].raw, event);
    EXPECT_EQ(envelopes[0].id, "a-1");
    EXPECT_EQ(envelopes[0].wire, event::Wire::amplitude);
  }
  const Answer unknown = send({.path = "/2/httpapi", .body = R"({"api_key":"key-2","events":[{}]})", .headers = {}});
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(unknown.body.get_int64("code"), 401);
  EXPECT_TRUE(unknown.body.get_string("error")->starts_with("Invalid API key"));
  const Answer broken = send({.path = "/2/httpapi", .body = "{"});
  EXPECT_EQ(broken.status, 200);
  EXPECT_EQ(broken.body.get_int64("code"), 200);
  EXPECT_NE(only_key("quarantine/"), "");
  fail_to_store();
  const Answer failed = send({.path = "/2/httpapi", .body = body, .headers = {}});
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(failed.body.get_int64("code"), 503);
}

// Mixpanel: by GET and by form, in base64 whose plus signs are left bare, or as JSON; answered with 1, or with words.
TEST_F(Collect, mixpanel) {
  const std::string event =
      R"({"event":"E >>>>>","properties":{"token":"key-1","$insert_id":"m-1","distinct_id":"u"}})";
  const std::string base64 = base::to_base64(event);
  ASSERT_NE(base64.find('+'), std::string::npos);
  const Sent forms[] = {
      {.method = "GET", .path = "/track", .headers = {}, .query = "ip=0&verbose=0&data=" + aws::uri_encode(base64)},
      {.path = "/track", .body = "data=" + base64, .headers = {}, .query = "ip=0&verbose=0"},
      {.path = "/track/", .body = "data=" + aws::uri_encode(event), .headers = {}},
      {.path = "/track", .body = event, .headers = {}}};
  for (const Sent& sent : forms) {
    const Answer answer = send(sent);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(json::write(answer.body), "1");
    const auto envelopes = take_stored();
    ASSERT_EQ(envelopes.size(), 1U) << sent.body;
    EXPECT_EQ(envelopes[0].raw, event);
    EXPECT_EQ(envelopes[0].id, "m-1");
  }
  const Answer profiles =
      send({.path = "/engage",
            .body = R"([{"$token":"key-1","$distinct_id":"u","$set":{"a":1}},{"$distinct_id":"v"}])",
            .headers = {},
            .query = "verbose=1"});
  EXPECT_EQ(profiles.body.get_int64("status"), 1);
  EXPECT_TRUE(profiles.body.find("error")->is_null());
  EXPECT_EQ(take_stored()[1].wire, event::Wire::mixpanel_engage);
  EXPECT_EQ(json::write(send({.path = "/groups", .body = R"({"$token":"key-2"})", .headers = {}}).body), "0");
  // What is imported: in Mixpanel's own words where they are asked for.
  const Answer imported = send({.path = "/import", .body = "[" + event + "]", .headers = {}, .query = "strict=1"});
  EXPECT_EQ(imported.body.get_int64("num_records_imported"), 1);
  EXPECT_EQ(imported.body.get_string("status"), "OK");
  EXPECT_EQ(json::write(send({.path = "/import", .body = event, .headers = {}}).body), "1");
  take_stored();
  // Of a GET, too, the bytes are kept that can't be read.
  EXPECT_EQ(send({.method = "GET", .path = "/track", .query = "data=%7b"}).status, 400);
  EXPECT_NE(client.objects[only_key("quarantine/")].body.find("data=%7b"), std::string::npos);
}

// Matomo: a query, a form, or many in one request; a pixel unless it isn't wanted. The site is the key.
TEST_F(Collect, matomo) {
  const std::string query = "idsite=key-1&rec=1&url=https%3A%2F%2Fx%2F&_id=0123456789abcdef";
  const Answer by_get = send({.method = "GET", .path = "/matomo.php", .headers = {}, .query = query});
  EXPECT_EQ(by_get.status, 200);
  EXPECT_EQ(by_get.header("content-type"), "image/gif");
  EXPECT_EQ(take_stored().at(0).raw, query);
  EXPECT_EQ(send({.path = "/piwik.php", .body = query + "&send_image=0", .headers = {}}).status, 204);
  take_stored();
  EXPECT_EQ(send({.path = "/matomo.php", .body = "url=x", .headers = {}, .query = "idsite=key-1&rec=1"}).status, 200);
  EXPECT_EQ(take_stored().at(0).raw, "idsite=key-1&rec=1&url=x");
  const Answer bulk = send({.path = "/matomo.php",
                            .body = R"({"requests":["?idsite=key-1&rec=1&url=a",{"idsite":"key-1","url":"b"}]})",
                            .headers = {}});
  EXPECT_EQ(bulk.body.get_string("status"), "success");
  EXPECT_EQ(bulk.body.get_int64("tracked"), 2);
  const auto envelopes = take_stored();
  ASSERT_EQ(envelopes.size(), 2U);
  for (const event::Envelope& envelope : envelopes) EXPECT_TRUE(event::read_event(envelope)) << envelope.raw;
  EXPECT_EQ(send({.method = "GET", .path = "/matomo.php", .headers = {}, .query = "idsite=2"}).status, 401);
}

// Umami's events come one by one, or many in an array.
TEST_F(Collect, umami) {
  const std::string view = R"({"type":"event","payload":{"website":"key-1","url":"/x"}})";
  EXPECT_EQ(send({.path = "/api/send", .body = view, .headers = {}}).status, 200);
  EXPECT_EQ(take_stored().size(), 1U);
  const Answer answer = send({.path = "/api/batch", .body = "[" + view + "," + view + "]", .headers = {}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.get_int64("processed"), 2);
  EXPECT_EQ(answer.body.get_int64("errors"), 0);
  EXPECT_EQ(take_stored().size(), 2U);
}

// Umami and Plausible name nobody: a visitor is the same for a day, an address and a browser, and not for others.
TEST_F(Collect, visitors) {
  const auto sent_by = [&](const char* browser, const char* path, const char* body) {
    EXPECT_EQ(send({.path = path,
                    .body = body,
                    .headers = {{"user-agent", browser}, {"content-type", "text/plain"}, {"x-write-key", "key-1"}}})
                  .status,
              200);
    const auto envelopes = take_stored();
    EXPECT_EQ(envelopes.size(), 1U);
    EXPECT_EQ(event::read_event(envelopes.at(0))->anonymous_id, envelopes.at(0).visitor);
    return envelopes.at(0).visitor;
  };
  const char* umami = R"({"type":"event","payload":{"website":"key-1","url":"/x"}})";
  const char* plausible = R"({"n":"pageview","u":"https://x/","d":"key-1"})";
  const std::string first = sent_by("A", "/api/send", umami);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(sent_by("A", "/api/event", plausible), first);
  EXPECT_NE(sent_by("B", "/api/event", plausible), first);
  clock.advance(std::chrono::hours(24));
  EXPECT_NE(sent_by("A", "/api/send", umami), first);
  // Other wires say who it is, or nobody does.
  send({.body = R"({"type":"click"})"});
  EXPECT_EQ(take_stored().at(0).visitor, "");
}

// OTLP in JSON: each record by itself, with its resource and its scope, byte for byte; answered with an empty message.
TEST_F(Collect, otlp) {
  const auto post = [&](std::string body, std::string type = "application/json") {
    return send({.path = "/v1/logs",
                 .body = std::move(body),
                 .headers = {{"content-type", std::move(type)}, {"authorization", "Bearer key-1"}}});
  };
  const Answer answer = post(
      R"({"resourceLogs":[{"resource":{"r" : 1},"scopeLogs":[{"logRecords":[{"eventName":"a"},{"eventName":"b",)"
      R"("attributes":[{"key":"log.record.uid","value":{"stringValue":"o-1"}}]}]},{"scope":{"name":"s"},"logRecords":[{ }]}]}]})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::write(answer.body), "{}");
  const auto envelopes = take_stored();
  ASSERT_EQ(envelopes.size(), 3U);
  EXPECT_EQ(envelopes[0].raw, R"({"resource":{"r" : 1},"scope":{},"logRecord":{"eventName":"a"}})");
  EXPECT_EQ(envelopes[1].id, "o-1");
  EXPECT_EQ(envelopes[2].raw, R"({"resource":{"r" : 1},"scope":{"name":"s"},"logRecord":{ }})");
  EXPECT_EQ(post("{}").status, 200);
  const Answer refused = post(R"({"resourceLogs":{}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body.get_string("message"), "the member \"resourceLogs\" must be an array");
  // A resource repeated with each of its records is no way round the limit.
  std::string bomb =
      R"({"resourceLogs":[{"resource":{"a":")" + std::string(1 << 20, 'a') + R"("},"scopeLogs":[{"logRecords":[)";
  for (int i = 0; i < 100; ++i) bomb += "{},";
  EXPECT_EQ(post(bomb + "{}]}]}]}").status, 413);
}

// A message of Protocol Buffers: a field of bytes.
std::string field(int number, std::string_view bytes) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (std::size_t size = bytes.size(); out.size() < 10; size >>= 7) {
    out += static_cast<char>(size < 0x80 ? size : (size & 0x7f) | 0x80);
    if (size < 0x80) break;
  }
  return out.append(bytes);
}

std::string log_request(std::string_view record) {
  return field(1, field(1, field(1, field(1, "host") + field(2, field(1, "h")))) + field(2, field(2, record)));
}

// OTLP in Protocol Buffers is read as its JSON would be.
TEST_F(Collect, otlp_protobuf) {
  const std::string record = std::string("\x09\x00\xaa\xa1\x58\x6d\x5e\xea\x18", 9) +    // time_unix_nano
                             std::string("\x10\x09", 2) + field(12, "page_view") +       // severity, name
                             field(9, "\x01\xff") +                                      // trace_id
                             field(6, field(1, "user.id") + field(2, field(1, "u1"))) +  //
                             field(6, field(1, "n") + field(2, "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")) +
                             field(6, field(1, "list") + field(2, field(5, field(1, "\x10\x01")))) +
                             field(6, field(1, "bytes") + field(2, field(1, "\xff"))) + field(15, "unknown");
  EXPECT_EQ(
      otlp_json(log_request(record), 1 << 20).value_or("none"),
      R"({"resourceLogs":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"h"}}]},"scopeLogs":[)"
      R"({"logRecords":[{"timeUnixNano":"1795351225192000000","severityNumber":9,"eventName":"page_view","attributes":)"
      R"([{"key":"user.id","value":{"stringValue":"u1"}},{"key":"n","value":{"intValue":"-1"}},)"
      R"({"key":"list","value":{"arrayValue":{"values":[{"boolValue":true}]}}},)"
      R"({"key":"bytes","value":{"stringValue":"/w=="}}],"traceId":"01ff"}]}]}]})");
  const auto post = [&](std::string body) {
    return send({.path = "/v1/logs",
                 .body = std::move(body),
                 .headers = {{"content-type", "application/x-protobuf"}, {"x-write-key", "key-1"}}});
  };
  const Answer answer = post(log_request(record));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/x-protobuf");
  EXPECT_EQ(json::write(answer.body), "\"\"");
  const auto event = event::read_event(take_stored().at(0));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "page_view");
  EXPECT_EQ(event->user_id, "u1");
  const Answer broken = post(log_request(record).substr(0, 40));
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(broken.body.as_string(), field(2, "the body is not an ExportLogsServiceRequest"));
}

// Values within values, as deep as a body allows, and JSON that would be far larger than the message.
TEST(OtlpProtobuf, limits) {
  std::string deep = field(1, "x");
  for (int i = 0; i < 2000; ++i) deep = field(5, field(1, deep));
  const auto json = otlp_json(log_request(field(5, deep)), 10 << 20);
  ASSERT_TRUE(json);
  EXPECT_NE(json->find("bytesValue"), std::string::npos);
  std::string wide;
  for (int i = 0; i < 100'000; ++i) wide += field(6, field(1, ""));
  EXPECT_EQ(otlp_json(log_request(wide), 1 << 20).error().status, 413);
  EXPECT_EQ(otlp_json("\x0b", 100).error().status, 400);
  EXPECT_EQ(otlp_json("", 100).value_or("none"), "{}");
}

}  // namespace
}  // namespace pipeline::collect_to_s3
