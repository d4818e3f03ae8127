// What becomes of the events of OpenTelemetry, Amplitude, Mixpanel, Matomo, Umami and Plausible.

#include <gtest/gtest.h>

#include <chrono>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::event {
namespace {

std::expected<Event, Unreadable> read(Wire wire, std::string raw, std::string visitor = "") {
  return read_event({.id = "e",
                     .received_at = base::from_unix_ms(1'795'351'558'440),
                     .wire = wire,
                     .source = "s",
                     .raw = std::move(raw),
                     .visitor = std::move(visitor)});
}

// An event in one line: type, user, anonymous user, time in milliseconds, properties.
std::string told(Wire wire, std::string raw, std::string visitor = "") {
  const auto event = read(wire, std::move(raw), std::move(visitor));
  if (!event) return "refused " + event.error().reasons.at(0).path + " " + event.error().reasons.at(0).keyword;
  return event->type + " " + event->user_id + "/" + event->anonymous_id + " " +
         (event->occurred_at ? std::to_string(base::to_unix_ms(*event->occurred_at)) : "-") + " " +
         json::write(event->properties);
}

std::string id_of(Wire wire, const char* raw) {
  return client_id(*json::parse(raw), wire).value_or("none");
}

// A log record with a name is an event: attributes and the body's are its properties, ids are attributes, too.
TEST(Otlp, events) {
  const std::string resource = R"({"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},)"
                               R"({"key":"device.id","value":{"stringValue":"d1"}}]})";
  const auto record = [&](const std::string& members) {
    return R"({"resource":)" + resource + R"(,"scope":{"name":"lib","version":"1"},"logRecord":{)" + members + "}}";
  };
  const std::string full = record(
      R"("timeUnixNano":"1795351225192000001","eventName":"page_view","traceId":"ab","body":{"kvlistValue":{"values":[)"
      R"({"key":"n","value":{"intValue":"-7"}},{"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},)"
      R"({"doubleValue":1.5}]}}}]}},"attributes":[{"key":"url.full","value":{"stringValue":"https://x/"}},)"
      R"({"key":"user.id","value":{"stringValue":"u1"}},{"key":"log.record.uid","value":{"stringValue":"o-1"}}])");
  EXPECT_EQ(told(Wire::otlp, full), R"(page_view u1/d1 1795351225192 {"url":"https://x/","n":-7,"list":[true,1.5]})");
  const auto event = read(Wire::otlp, full);
  EXPECT_EQ(event->context.find("resource")->get_string("service.name"), "shop");
  EXPECT_EQ(event->context.find("library")->get_string("name"), "lib");
  EXPECT_EQ(id_of(Wire::otlp, full.c_str()), "o-1");
  EXPECT_EQ(told(Wire::otlp, record(R"("body":{"stringValue":"text"},"observedTimeUnixNano":1000000,"attributes":)"
                                    R"([{"key":"event.name","value":{"stringValue":"my.event"}}])")),
            R"(my.event /d1 1 {"body":"text"})");
  EXPECT_EQ(told(Wire::otlp, record(R"("body":{},"eventName":"x")")), R"(x /d1 - {})");
  EXPECT_EQ(told(Wire::otlp, record(R"("body":{"stringValue":"a line of a log"})")),
            "refused /logRecord/eventName required");
  EXPECT_EQ(told(Wire::otlp, R"({"logRecord":{"eventName":"x"}})"), "refused /logRecord/attributes required");
}

// Amplitude's page views and its operations on users and groups.
TEST(Amplitude, events) {
  EXPECT_EQ(told(Wire::amplitude, R"({"event_type":"Signed Up","user_id":"u","device_id":"d","time":1795351098394,)"
                                  R"("insert_id":"i","event_properties":{"plan":"a","none":null},"language":"en"})"),
            R"(signup u/d 1795351098394 {"plan":"a"})");
  EXPECT_EQ(
      told(
          Wire::amplitude,
          R"({"event_type":"[Amplitude] Page Viewed","device_id":"d","event_properties":)"
          R"({"[Amplitude] Page Location":"https://x/?a","[Amplitude] Page Title":"T","[Amplitude] Page Counter":1}})"),
      R"(page_view /d - {"url":"https://x/?a","title":"T"})");
  EXPECT_EQ(
      told(Wire::amplitude, R"({"event_type":"$identify","user_id":"u","user_properties":{"$set":{"email":"a@b.c"}}})"),
      R"(identify u/ - {"email":"a@b.c"})");
  EXPECT_EQ(told(Wire::amplitude, R"({"event_type":"$groupidentify","device_id":"d","groups":{"org":"acme"},)"
                                  R"("group_properties":{"$set":{"plan":"a"}}})"),
            R"(group /d - {"plan":"a","group_id":"acme"})");
  EXPECT_EQ(told(Wire::amplitude, R"({"event_type":"E"})"), "refused  required");
  EXPECT_EQ(told(Wire::amplitude, R"({"user_id":"u"})"), "refused /event_type required");
  EXPECT_EQ(id_of(Wire::amplitude, R"({"insert_id":"i-1"})"), "i-1");
}

// Mixpanel's events, whose user is a device until somebody is identified, and its profiles.
TEST(Mixpanel, events) {
  EXPECT_EQ(told(Wire::mixpanel, R"({"event":"Signed Up","properties":{"distinct_id":"u1","time":1795351095604,"x":1,)"
                                 R"("token":"t","mp_lib":"node","$lib_version":"1"}})"),
            R"(signup u1/ 1795351095604 {"x":1})");
  EXPECT_EQ(
      told(Wire::mixpanel, R"({"event":"$mp_web_page_view","properties":{"distinct_id":"$device:d1","$device_id":"d1",)"
                           R"("time":1795351095.604,"$current_url":"https://x/","current_page_title":"T"}})"),
      R"(page_view /d1 1795351095604 {"url":"https://x/","title":"T"})");
  EXPECT_EQ(
      told(Wire::mixpanel, R"({"event":"$identify","properties":{"distinct_id":"u1","$user_id":"u1","$device_id":"d1",)"
                           R"("$anon_distinct_id":"$device:d1"}})"),
      R"(alias u1/d1 - {"previous_id":"d1"})");
  EXPECT_EQ(told(Wire::mixpanel_engage, R"({"$token":"t","$distinct_id":"u1","$set":{"email":"a@b.c","$os":"L"}})"),
            R"(identify u1/ - {"email":"a@b.c"})");
  const auto added = read(Wire::mixpanel_engage, R"({"$distinct_id":"u1","$add":{"n":1}})");
  EXPECT_EQ(added->context.find("operations")->find("add")->get_int64("n"), 1);
  EXPECT_EQ(told(Wire::mixpanel_groups, R"({"$token":"t","$group_key":"org","$group_id":"acme","$set":{"plan":"a"}})"),
            R"(group /org:acme - {"plan":"a","group_id":"acme"})");
  EXPECT_EQ(told(Wire::mixpanel, R"({"event":"x","properties":{}})"), "refused  required");
  EXPECT_EQ(id_of(Wire::mixpanel, R"({"properties":{"$insert_id":"m-1"}})"), "m-1");
}

// Matomo's parameters, as a query, in JSON, or as an object.
TEST(Matomo, events) {
  EXPECT_EQ(told(Wire::matomo,
                 "url=https%3A%2F%2Fx%2F&action_name=P&uid=u1&idsite=1&rec=1&dimension1=a&res=1x1&cdt=1795351098"),
            R"(page_view u1/ 1795351098000 {"url":"https://x/","title":"P","dimension1":"a"})");
  EXPECT_EQ(
      told(Wire::matomo, R"("?e_c=Videos&e_a=Video+Played&e_v=1.5&_id=0123456789abcdef&cdt=2026-11-22+12:45:58")"),
      R"(video_played /0123456789abcdef 1795351558000 {"category":"Videos","value":1.5})");
  EXPECT_EQ(told(Wire::matomo, R"({"search":"shoes","uid":"u","token_auth":"secret"})"),
            R"(search u/ - {"search":"shoes"})");
  EXPECT_EQ(told(Wire::matomo, "link=https%3A%2F%2Fy%2F", "v1"), R"(outbound_link /v1 - {"href":"https://y/"})");
  EXPECT_EQ(told(Wire::matomo, "url=x"), "refused  required");
  EXPECT_EQ(told(Wire::matomo, "uid=u&cdt=soon"), "refused /cdt format");
}

// Umami and Plausible: whoever it was goes by the envelope's pseudonym.
TEST(Umami, events) {
  EXPECT_EQ(
      told(Wire::umami, R"({"type":"event","payload":{"website":"w","url":"/x","title":"T","hostname":"h"}})", "v1"),
      R"(page_view /v1 - {"title":"T","path":"/x"})");
  EXPECT_EQ(
      told(Wire::umami, R"({"type":"event","payload":{"name":"Signed Up","data":{"plan":"pro"},"id":"u1"}})", "v1"),
      R"(signup u1/v1 - {"plan":"pro"})");
  EXPECT_EQ(told(Wire::umami, R"({"type":"identify","payload":{"data":{"email":"a@b.c"}}})", "v1"),
            R"(identify /v1 - {"email":"a@b.c"})");
  EXPECT_EQ(told(Wire::umami, R"({"type":"other","payload":{}})", "v1"), "refused /type enum");
}

TEST(Plausible, events) {
  EXPECT_EQ(told(Wire::plausible, R"({"n":"pageview","u":"https://x/","d":"x","r":null})", "v1"),
            R"(page_view /v1 - {"url":"https://x/"})");
  EXPECT_EQ(
      told(Wire::plausible, R"({"name":"Signup","url":"https://x/","domain":"x","props":"{\"plan\":\"pro\"}"})", "v1"),
      R"(signup /v1 - {"plan":"pro","url":"https://x/"})");
  EXPECT_EQ(told(Wire::plausible, R"({"u":"https://x/"})", "v1"), "refused /n required");
}

// Pitfall 23: tens of thousands of properties are read in a time that grows with their number, on every wire.
TEST(Readers, many_members) {
  std::string members = "{\"a\":0";
  for (int i = 0; i < 80'000; ++i) members += ",\"p" + std::to_string(i) + "\":1";
  members += "}";
  const std::pair<Wire, std::string> events[] = {
      {Wire::posthog, R"({"event":"x","distinct_id":"u","properties":)" + members + "}"},
      {Wire::clickstream, R"({"event_type":"x","device_id":"u","attributes":)" + members + "}"},
      {Wire::amplitude, R"({"event_type":"x","user_id":"u","event_properties":)" + members + "}"},
      {Wire::mixpanel_engage, R"({"$distinct_id":"u","$set":)" + members + "}"},
  };
  for (const auto& [wire, raw] : events) {
    const auto begin = std::chrono::steady_clock::now();
    const auto event = read(wire, raw);
    ASSERT_TRUE(event);
    EXPECT_GE(event->properties.size(), 80'001U);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << wire_name(wire);
  }
  std::string query = "uid=u";
  for (int i = 0; i < 100'000; ++i) query += "&p" + std::to_string(i) + "=1";
  EXPECT_EQ(told(Wire::matomo, query), "refused  json");
}

}  // namespace
}  // namespace pipeline::event
