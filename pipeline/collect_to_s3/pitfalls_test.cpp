// What goes wrong with collectors in production, by the numbers of docs/pitfalls.md.

#include <gtest/gtest.h>

#include "aws/sigv4.hpp"
#include "pipeline/collect_to_s3/app_for_tests.hpp"

namespace pipeline::collect_to_s3 {
namespace {

class Pitfalls : public Collect {
 protected:
  // The events of what was stored, as "type" or "quarantined", one after the other.
  std::string read_stored() {
    std::string out;
    for (const event::Envelope& envelope : take_stored()) {
      const auto event = event::read_event(envelope);
      out += (event ? event->type : "quarantined") + ";";
    }
    return out;
  }
};

// What a body is, its bytes say, and not its Content-Type; so beacons, whose type isn't theirs to choose, get through.
TEST_F(Pitfalls, number_1_and_10_content_types) {
  const std::pair<const char*, const char*> bodies[] = {
      {"/v1/events", R"({"type":"click","user_id":"u"})"},
      {"/v1/batch", R"({"batch":[{"type":"track","event":"click","userId":"u"}]})"},
      {"/beacon/v1/batch", R"({"batch":[{"type":"track","event":"click","userId":"u"}]})"},
      {"/e", R"({"event":"click","distinct_id":"u"})"},
      {"/com.snowplowanalytics.snowplow/tp2", R"({"data":[{"e":"se","se_ac":"click","uid":"u"}]})"},
      {"/collect", R"([{"event_type":"click","device_id":"d"}])"},
      {"/2/httpapi", R"({"events":[{"event_type":"click","user_id":"u"}]})"},
      {"/track", R"({"event":"click","properties":{"distinct_id":"u"}})"},
      {"/matomo.php", R"({"requests":["?e_a=click&uid=u"]})"},
      {"/api/send", R"({"type":"event","payload":{"name":"click"}})"},
      {"/api/event", R"({"n":"click"})"},
  };
  for (const auto& [path, body] : bodies) {
    for (const char* type :
         {"", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "application/json", "image/png"}) {
      const Answer answer =
          send({.path = path, .body = body, .headers = {{"content-type", type}, {"x-write-key", "key-1"}}});
      EXPECT_EQ(answer.status, 200) << path << " " << type;
      EXPECT_EQ(read_stored(), "click;") << path << " " << type;
    }
  }
}

// A header that says gzip of what isn't.
TEST_F(Pitfalls, number_2_header_without_gzip) {
  EXPECT_EQ(send({.body = R"({"type":"click","user_id":"u"})",
                  .headers = {{"content-encoding", "gzip"}, {"x-write-key", "key-1"}}})
                .status,
            200);
  EXPECT_EQ(read_stored(), "click;");
}

// A single event where a list is usual, and a list where one event is.
TEST_F(Pitfalls, number_6_one_or_many) {
  send({.path = "/collect", .body = R"({"event_type":"click","device_id":"d"})"});
  EXPECT_EQ(read_stored(), "click;");
  send({.path = "/track", .body = R"([{"event":"click","properties":{"distinct_id":"u"}}])"});
  EXPECT_EQ(read_stored(), "click;");
  send({.path = "/e", .body = R"([{"event":"click","distinct_id":"u"}])"});
  EXPECT_EQ(read_stored(), "click;");
}

// Base64 for URLs, without its padding.
TEST_F(Pitfalls, number_7_base64url) {
  const std::string event =
      R"({"data":{"schema":"iglu:x/click/jsonschema/1-0-0","data":{"element":"buy >>> ??? \u00ff"}}})";
  std::string encoded = base::to_base64(event);
  ASSERT_NE(encoded.find('+'), std::string::npos);
  ASSERT_NE(encoded.find('/'), std::string::npos);
  for (char& c : encoded) c = c == '+' ? '-' : c == '/' ? '_' : c;
  encoded.resize(encoded.find_last_not_of('=') + 1);
  send({.method = "GET", .path = "/i", .headers = {}, .query = "e=ue&aid=key-1&uid=u&ue_px=" + encoded});
  EXPECT_EQ(read_stored(), "click;");
}

// A query that isn't percent-encoded, or isn't UTF-8 once decoded, is an event that is quarantined, and never an error.
TEST_F(Pitfalls, number_8_malformed_queries) {
  const Answer odd =
      send({.method = "GET", .path = "/i", .headers = {}, .query = "a=%b&&=&e=pv&url=%zz&uid=u&aid=key-1"});
  EXPECT_EQ(odd.status, 200);
  EXPECT_EQ(read_stored(), "page_view;");
  for (const char* query : {"e=pv&uid=%ff&aid=key-1", "e=pv&eid=%ff&uid=u&aid=key-1", "%ff=1&e=pv&uid=u&aid=key-1"}) {
    EXPECT_EQ(send({.method = "GET", .path = "/i", .headers = {}, .query = query}).status, 200);
    EXPECT_EQ(read_stored(), "quarantined;") << query;
  }
  EXPECT_EQ(send({.method = "GET", .path = "/matomo.php", .headers = {}, .query = "uid=%ff&idsite=key-1"}).status, 200);
  EXPECT_EQ(read_stored(), "quarantined;");
}

// Who is connected is known; who claims to have been before is not.
TEST_F(Pitfalls, number_13_forwarded_for) {
  const auto visitor = [&](const char* forwarded) {
    send({.path = "/api/event", .body = R"({"n":"x","d":"key-1"})", .headers = {{"x-forwarded-for", forwarded}}});
    return take_stored().at(0).visitor;
  };
  EXPECT_EQ(visitor("203.0.113.1"), visitor("203.0.113.2, 198.51.100.7"));
}

// Nobody is sent elsewhere, however a request asks for it.
TEST_F(Pitfalls, number_16_redirects) {
  EXPECT_EQ(send({.method = "GET", .path = "/r/tp2", .query = "u=https%3A%2F%2Felsewhere.example"}).status, 404);
  const Answer answer = send({.method = "GET",
                              .path = "/track",
                              .query = "redirect=https%3A%2F%2Felsewhere.example&data=%7B%22event%22%3A%22x%22%7D"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("location"), "");
}

// Half of an emoji, as JavaScript cuts it, harms its own event only, on every wire that carries lists.
TEST_F(Pitfalls, number_17_lone_surrogates) {
  const std::pair<const char*, std::string> bodies[] = {
      {"/v1/events", R"([{"type":"click","user_id":"u"},{"type":"\ud83d","user_id":"u"}])"},
      {"/v1/batch",
       R"({"batch":[{"type":"track","event":"click","userId":"u"},{"type":"track","event":"\ud83d","userId":"u"}]})"},
      {"/batch", R"({"batch":[{"event":"click","distinct_id":"u"},{"event":"\ud83d","distinct_id":"u"}]})"},
      {"/2/httpapi", R"({"events":[{"event_type":"click","user_id":"u"},{"event_type":"\ud83d","user_id":"u"}]})"},
      {"/com.snowplowanalytics.snowplow/tp2", R"({"data":[{"e":"se","se_ac":"click","uid":"u"},{"e":"\ud83d"}]})"},
      {"/v1/events", "[{\"type\":\"click\",\"user_id\":\"u\"},{\"type\":\"\xff\",\"user_id\":\"u\"}]"},
  };
  for (const auto& [path, body] : bodies) {
    const Answer answer = send({.path = path, .body = body});
    EXPECT_EQ(answer.status, 200) << body;
    EXPECT_EQ(read_stored(), "click;quarantined;") << body;
  }
  // U+0000 is a character like others, but for ids.
  send(
      {.body =
           R"([{"type":"click","user_id":"u","properties":{"element":"\u0000"}},{"type":"click","user_id":"\u0000"}])"});
  EXPECT_EQ(read_stored(), "click;quarantined;");
}

// Names that mean something elsewhere are names here.
TEST_F(Pitfalls, number_24_names) {
  send(
      {.body =
           R"({"type":"click","user_id":"u","properties":{"__proto__":{"a":1},"constructor":1,"a.b":2,"$set":3,"":4}})"});
  const auto event = event::read_event(take_stored().at(0));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->properties.size(), 5U);
}

// All the events of a request lie in one object, under a name that no other request gets.
TEST_F(Pitfalls, number_35_and_36_objects) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send({.body = R"([{"type":"a"},{"type":"b"}])"}).status, 200);
  EXPECT_EQ(std::ranges::count_if(client.objects, [](const auto& object) { return object.first.starts_with("raw/"); }),
            3);
  EXPECT_EQ(read_stored(), "quarantined;quarantined;quarantined;quarantined;quarantined;quarantined;");
}

// Where S3 has no room for another write under the prefix, nothing is acknowledged; once it has, what is sent again is
// stored once.
TEST_F(Pitfalls, number_41_slow_down) {
  int refusals = 0;
  client.fail = [&](const std::string& call) -> std::optional<ServiceError> {
    if (!call.starts_with("PutObject") || refusals++ > 0) return std::nullopt;
    return ServiceError{.code = "SlowDown", .message = "Please reduce your request rate.", .http_status = 503};
  };
  const Sent sent{.body = R"({"type":"click","event_id":"e-1","user_id":"u"})"};
  const Answer refused = send(sent);
  EXPECT_EQ(refused.status, 503);
  EXPECT_GE(base::to_number<int>(refused.header("retry-after")).value_or(0), 1);
  EXPECT_TRUE(client.executions.empty());
  EXPECT_EQ(send(sent).status, 200);
  EXPECT_EQ(read_stored(), "click;");
}

// However the event of a function URL is written.
TEST_F(Pitfalls, number_47_payloads) {
  const char* payloads[] = {
      R"({"rawPath":"/v1/events","headers":{"X-WRITE-KEY":"key-1"},"body":"{\"type\":\"click\",\"user_id\":\"u\"}","isBase64Encoded":false,"requestContext":{"http":{"method":"POST"}}})",
      R"({"rawPath":"/v1/events","headers":{"x-write-key":"key-1"},"body":"eyJ0eXBlIjoiY2xpY2siLCJ1c2VyX2lkIjoidSJ9","isBase64Encoded":true,"requestContext":{"http":{"method":"POST"}}})",
  };
  for (const char* payload : payloads) {
    ASSERT_TRUE(invoke(payload));
    EXPECT_EQ(read_stored(), "click;");
  }
  const auto broken = invoke(
      R"({"rawPath":"/v1/events","headers":{},"body":"?","isBase64Encoded":true,"requestContext":{"http":{"method":"POST"}}})");
  EXPECT_EQ(json::parse(*broken)->get_int64("statusCode"), 400);
}

// A body is taken or refused as a whole: no event of one that is refused has been stored before.
TEST_F(Pitfalls, number_78_nothing_of_a_refused_body) {
  for (const char* body :
       {R"([{"type":"click","user_id":"u"},{"type":"click")", R"({"type":"click","user_id":"u"} x)"}) {
    EXPECT_EQ(send({.body = body}).status, 400);
    EXPECT_EQ(read_stored(), "");
    EXPECT_TRUE(client.executions.empty());
  }
}

}  // namespace
}  // namespace pipeline::collect_to_s3
