// Envelopes, timestamps, and reading events of both wires.

#include "pipeline/event/event.hpp"
#include "pipeline/event/first_bytes.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/event/timestamp.hpp"

namespace pipeline::event {
namespace {

Envelope envelope_of(std::string raw, Wire wire = Wire::events) {
  return {.id = "id-1",
          .received_at = base::from_unix_ms(1'795'351'558'440),
          .wire = wire,
          .source = "web",
          .raw = std::move(raw)};
}

// The reasons as "path keyword", one after the other.
std::string reasons_of(std::string raw, Wire wire = Wire::events) {
  const auto event = read_event(envelope_of(std::move(raw), wire));
  if (event) return "none";
  std::string out;
  for (const Reason& reason : event.error().reasons) out += reason.path + " " + reason.keyword + ";";
  return out;
}

// CloudEvents: the subject is the user, the data the properties, the rest the context.
TEST(CloudEvents, events) {
  const auto read = [](std::string raw) {
    return read_event({.id = "e",
                       .received_at = base::from_unix_ms(1'795'351'558'440),
                       .wire = Wire::cloudevents,
                       .source = "s",
                       .raw = std::move(raw)});
  };
  const auto event = read(
      R"({"specversion":"1.0","id":"1","type":"com.example.click","source":"/web","subject":"u1","time":"2026-11-22T12:46:22.701Z","dataschema":"https://s/2","tenant":"t1","data":{"x":1}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "com.example.click");
  EXPECT_EQ(event->user_id, "u1");
  EXPECT_EQ(event->schema_version.text(), "2");
  EXPECT_EQ(event->properties.find("x")->as_number().as_int64(), 1);
  EXPECT_EQ(event->context.find("tenant")->as_string(), "t1");
  EXPECT_EQ(read(R"({"specversion":"0.3","type":"a","subject":"u"})").error().reasons[0].path, "/specversion");
  EXPECT_EQ(read(R"({"specversion":"1.0","type":"a"})").error().reasons[0].keyword, "required");
}

// AWS's Clickstream: what begins with an underscore is the SDK's, and becomes ours where a schema names it.
TEST(Clickstream, events) {
  const auto read = [](std::string raw) {
    return read_event({.id = "e",
                       .received_at = base::from_unix_ms(1'795'351'558'440),
                       .wire = Wire::clickstream,
                       .source = "s",
                       .raw = std::move(raw)});
  };
  auto event = read(
      R"({"event_type":"_page_view","device_id":"d","timestamp":1795351105700,"user":{},"attributes":{"_page_url":"https://x/","_session_id":"s","plan":"a"}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "page_view");
  EXPECT_EQ(event->anonymous_id, "d");
  EXPECT_EQ(event->occurred_at, base::from_unix_ms(1'795'351'105'700));
  EXPECT_EQ(json::Value(event->properties), *json::parse(R"({"url":"https://x/","plan":"a"})"));
  event = read(
      R"({"event_type":"_profile_set","device_id":"d","user":{"_user_id":{"value":"u1"},"email":{"value":"a@b.c"}}})");
  EXPECT_EQ(event->type, "identify");
  EXPECT_EQ(event->user_id, "u1");
  EXPECT_EQ(json::Value(event->properties), *json::parse(R"({"email":"a@b.c"})"));
  EXPECT_EQ(read(R"({"event_type":"addToCart","device_id":"d","items":[{"id":"1"}]})")->type, "add_to_cart");
  EXPECT_EQ(read(R"({"device_id":"d"})").error().reasons[0].path, "/event_type");
}

// PostHog's events become ours: its page views, its people, its anonymous devices.
TEST(PostHog, events) {
  const auto read = [](std::string raw) {
    return read_event({.id = "e",
                       .received_at = base::from_unix_ms(1'795'351'558'440),
                       .wire = Wire::posthog,
                       .source = "s",
                       .raw = std::move(raw)});
  };
  auto event = read(
      R"({"event":"$pageview","uuid":"e","distinct_id":"d","timestamp":"2026-11-22T12:46:00.266Z",)"
      R"("properties":{"$current_url":"https://x/p","$device_id":"d","utm_term":null,"plan":"a","$lib":"web","$lib_version":"1"}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "page_view");
  EXPECT_EQ(event->anonymous_id, "d");
  EXPECT_EQ(event->user_id, "");
  EXPECT_EQ(json::Value(event->properties), *json::parse(R"({"url":"https://x/p","plan":"a"})"));
  EXPECT_EQ(event->context.find("library")->get_string("name"), "web");
  event = read(R"({"event":"$identify","distinct_id":"u1","properties":{"$set":{"email":"a@b.c"}}})");
  EXPECT_EQ(event->type, "identify");
  EXPECT_EQ(event->user_id, "u1");
  EXPECT_EQ(event->properties.find("email")->as_string(), "a@b.c");
  EXPECT_EQ(read(R"({"event":"Order Completed","distinct_id":"u1"})")->type, "order_completed");
  EXPECT_EQ(read(R"({"event":"x","properties":{"distinct_id":"u2","$time":1795351569.841}})")->user_id, "u2");
  EXPECT_EQ(read(R"({"event":"x"})").error().reasons[0].path, "/distinct_id");
  EXPECT_EQ(read(R"({"distinct_id":"u"})").error().reasons[0].path, "/event");
}

// Snowplow's page views, structured and self-describing events; the schema's model is the version.
TEST(Snowplow, events) {
  const auto read = [](std::string raw, Wire wire = Wire::snowplow) {
    return read_event({.id = "e",
                       .received_at = base::from_unix_ms(1'795'351'558'440),
                       .wire = wire,
                       .source = "s",
                       .raw = std::move(raw)});
  };
  auto event = read(R"({"e":"pv","url":"https://x/","page":"T","uid":"u1","dtm":"1795351560501","tv":"node-4.8.0"})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "page_view");
  EXPECT_EQ(event->user_id, "u1");
  EXPECT_EQ(event->occurred_at, base::from_unix_ms(1'795'351'560'501));
  EXPECT_EQ(json::Value(event->properties), *json::parse(R"({"url":"https://x/","title":"T"})"));
  event = read(R"({"e":"se","se_ac":"Add To Basket","se_va":"1.5","duid":"d"})");
  EXPECT_EQ(event->type, "add_to_basket");
  EXPECT_EQ(event->anonymous_id, "d");
  EXPECT_EQ(json::Value(event->properties), *json::parse(R"({"value":1.5})"));
  const std::string link =
      R"({"schema":"iglu:com.x/unstruct_event/jsonschema/1-0-0","data":{"schema":"iglu:com.x/link_click/jsonschema/2-0-1","data":{"targetUrl":"https://y/"}}})";
  std::string encoded = base::to_base64(link);
  encoded.resize(encoded.find_last_not_of('=') + 1);
  for (const std::string& raw : {R"({"e":"ue","uid":"u","ue_px":")" + encoded + "\"}",
                                 R"({"e":"ue","uid":"u","ue_pr":)" + json::write(json::Value(link)) + "}"}) {
    event = read(raw);
    ASSERT_TRUE(event) << raw;
    EXPECT_EQ(event->type, "link_click");
    EXPECT_EQ(event->schema_version.text(), "2-0-1");
    EXPECT_EQ(event->properties.find("targetUrl")->as_string(), "https://y/");
  }
  EXPECT_EQ(read("e=pv&url=https%3A%2F%2Fx%2F&uid=u", Wire::snowplow_query)->properties.find("url")->as_string(),
            "https://x/");
  EXPECT_EQ(read(R"({"e":"ue","uid":"u","ue_pr":"{}"})").error().reasons[0].path, "/ue_pr");
  EXPECT_EQ(read(R"({"e":"pv"})").error().reasons[0].keyword, "required");
}

// The raw bytes survive the envelope, whatever they are.
TEST(Envelope, keeps_raw_bytes) {
  for (const std::string& raw : {std::string("{\"a\": \"\\u0000\\n\"}\r"), std::string("\xff\xfe\0x", 4), std::string(),
                                 std::string("\xe2\x82\xac \x01")}) {
    const auto back = read_envelope(write_envelope(envelope_of(raw)));
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(back->raw, raw);
    EXPECT_EQ(back->received_at, base::from_unix_ms(1'795'351'558'440));
    EXPECT_EQ(back->wire, Wire::events);
  }
}

// What isn't an envelope says what is missing.
TEST(Envelope, refuses_other_lines) {
  EXPECT_FALSE(read_envelope("{"));
  EXPECT_FALSE(read_envelope("{}"));
  EXPECT_FALSE(read_envelope(R"({"id":"a","received_at":"yesterday","wire":"events","source":"s","raw":""})"));
  EXPECT_FALSE(read_envelope(R"({"id":"a","received_at":"2026-01-01T00:00:00.000Z","wire":"events","source":"s"})"));
}

// Pitfall 34: partitions are by UTC; the quarantine has the same name as the raw object.
TEST(Partition, by_utc_hour) {
  const std::string key = partition_key(kRawPrefix, base::from_unix_ms(1'795'351'558'440), "01ABC");
  EXPECT_EQ(key, "raw/year=2026/month=11/day=22/hour=12/01ABC.json");
  EXPECT_EQ(quarantine_key(key), "quarantine/year=2026/month=11/day=22/hour=12/01ABC.json");
  EXPECT_EQ(quarantine_key("config/write_keys.json"), std::nullopt);
  EXPECT_EQ(quarantine_key("raw/"), std::nullopt);
}

// Pitfall 32: the forms of client timestamps, all as UTC in milliseconds.
TEST(Timestamp, forms) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-22T12:45:58.440Z", "2026-11-22T12:45:58.440Z"},
      {"2026-11-22T12:45:58Z", "2026-11-22T12:45:58.000Z"},
      {"2026-11-22t12:45:58.4z", "2026-11-22T12:45:58.400Z"},
      {"2026-11-22 12:45:58.440999Z", "2026-11-22T12:45:58.440Z"},
      {"2026-11-22T15:45:58.440+03:00", "2026-11-22T12:45:58.440Z"},
      {"2026-11-22T15:45:58+03", "2026-11-22T12:45:58.000Z"},
      {"2026-11-22T15:45:58+0300", "2026-11-22T12:45:58.000Z"},
      {"2026-11-22T00:15:58-05:30", "2026-11-22T05:45:58.000Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
      {"2026-11-22T12:45:58.440", nullptr},
      {"2026-11-22", nullptr},
      {"2026-02-30T12:45:58Z", nullptr},
      {"2026-11-22T25:45:58Z", nullptr},
      {"0001-01-01T00:00:00+01:00", nullptr},
      {"9999-12-31T23:59:59-01:00", nullptr},
      {"yesterday at noon, or so", nullptr},
      {"", nullptr},
  };
  for (const auto& [text, utc] : cases) {
    const auto time = parse_client_time(text);
    EXPECT_EQ(time ? format_time(*time) : "none", utc ? utc : "none") << text;
  }
}

// Pitfall 32: seconds, milliseconds and microseconds are told apart by size.
TEST(Timestamp, numbers) {
  const std::pair<const char*, const char*> cases[] = {
      {"1795351558", "2026-11-22T12:45:58.000Z"},
      {"1795351558.44", "2026-11-22T12:45:58.440Z"},
      {"1795351558440", "2026-11-22T12:45:58.440Z"},
      {"1795351558440.7", "2026-11-22T12:45:58.440Z"},
      {"1795351558440123", "2026-11-22T12:45:58.440Z"},
      {"1.795351558e9", "2026-11-22T12:45:58.000Z"},
      {"0", "1970-01-01T00:00:00.000Z"},
      {"-1", "1969-12-31T23:59:59.000Z"},
      {"1795351558440123456", nullptr},
      {"1e400", nullptr},
  };
  for (const auto& [text, utc] : cases) {
    const auto time = from_client_number(json::Number::from_text(text));
    EXPECT_EQ(time ? format_time(*time) : "none", utc ? utc : "none") << text;
  }
}

// An event of our own wire, with every member. Pitfall 25: a user who is a number is the same as text.
TEST(Native, reads_members) {
  const auto event = read_event(envelope_of(
      R"({"type":"click","event_id":"e","timestamp":"2026-11-22T12:45:58.440Z","user_id":7,"anonymousId":"a",
          "schema_version":2,"properties":{"element":"buy"},"context":{"traits":{"email":"A@B.C"}}})"));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "click");
  EXPECT_EQ(event->id, "id-1");
  EXPECT_EQ(event->user_id, "7");
  EXPECT_EQ(event->anonymous_id, "a");
  EXPECT_EQ(event->schema_version.text(), "2");
  EXPECT_EQ(format_time(*event->occurred_at), "2026-11-22T12:45:58.440Z");
  EXPECT_EQ(event->properties.find("element")->as_string(), "buy");
  EXPECT_EQ(event->properties_path, "/properties");
}

// A version has one spelling; what is only a number is a model.
TEST(SchemaVersions, spellings) {
  const auto wanted = [](std::string_view text) {
    const auto found = parse_wanted_version(text);
    return found ? found->text() : "none";
  };
  for (const char* text : {"1", "17", "1000000", "1-0-0", "2-13-1000000"}) EXPECT_EQ(wanted(text), text);
  for (const char* text : {"", "0", "-1", "1000001", "01", "1-0", "0-0-1", "1-00-0", "1-0-01", "1-0-0-0", "1--0-0",
                           "1-0-1000001", "+1-0-0", " 1", "1-0-x"})
    EXPECT_EQ(wanted(text), "none") << text;
  EXPECT_LT(*parse_schema_version("1-0-9"), *parse_schema_version("1-0-10"));
  EXPECT_LT(*parse_schema_version("1-9-10"), *parse_schema_version("1-10-0"));
}

// What SDKs say by the address of a schema.
TEST(SchemaVersions, in_addresses) {
  const std::pair<const char*, const char*> cases[] = {{"iglu:com.acme/click/jsonschema/1-0-2", "1-0-2"},
                                                       {"iglu:com.acme/click/jsonschema/2-*-*", "2"},
                                                       {"https://s/click/2", "2"},
                                                       {"https://s/click/2.json", "2"},
                                                       {"https://s/click/2-0-1.json", "2-0-1"},
                                                       {"https://s/click/2.1.0", "2"},
                                                       {"https://s/click/latest", "1"},
                                                       {"", "1"}};
  for (const auto& [address, version] : cases) EXPECT_EQ(version_in_address(address).text(), version) << address;
}

// Each rule of the envelope, with the reason that is told.
TEST(Native, refuses) {
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u"})"), "none");
  EXPECT_EQ(reasons_of(R"({"type":"click"})"), " required;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":""})"), " required;");
  EXPECT_EQ(reasons_of(R"({"user_id":"u"})"), " required;");
  EXPECT_EQ(reasons_of(R"({"type":"a/b","user_id":"u"})"), "/type pattern;");
  EXPECT_EQ(reasons_of(R"({"type":"..","user_id":"u"})"), "/type pattern;");
  EXPECT_EQ(reasons_of(R"({"type":1,"user_id":"u"})"), "/type pattern;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":{}})"), "/user_id type;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":1.5})"), "/user_id type;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"a\nb"})"), "/user_id pattern;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","event_id":[]})"), "/event_id type;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","timestamp":"soon"})"), "/timestamp format;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","schema_version":0})"), "/schema_version minimum;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","schema_version":"1-0"})"), "/schema_version pattern;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","properties":[]})"), "/properties type;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","userid/":1})"), "/userid~1 additionalProperties;");
  EXPECT_EQ(reasons_of(R"({"type":"click","user_id":"u","context":1,"properties":1})"),
            "/properties type;/context type;");
  EXPECT_EQ(reasons_of("[]"), " type;");
  EXPECT_EQ(reasons_of("{"), " json;");
  EXPECT_EQ(reasons_of("{\"type\":\"click\",\"user_id\":\"" + std::string(513, 'x') + "\"}"), "/user_id maxLength;");
}

// The client's id, where it is usable.
TEST(Native, client_id) {
  const auto id = [](const char* text, Wire wire) { return client_id(*json::parse(text), wire).value_or("none"); };
  EXPECT_EQ(id(R"({"event_id":"a"})", Wire::events), "a");
  EXPECT_EQ(id(R"({"messageId":"b"})", Wire::events), "b");
  EXPECT_EQ(id(R"({"messageId":"b"})", Wire::segment), "b");
  EXPECT_EQ(id(R"({"event_id":"a"})", Wire::segment), "none");
  EXPECT_EQ(id(R"({"event_id":12})", Wire::events), "12");
  EXPECT_EQ(id(R"({"event_id":null})", Wire::events), "none");
  EXPECT_EQ(id(R"({"event_id":""})", Wire::events), "none");
  EXPECT_EQ(id(R"([1])", Wire::events), "none");
}

// Names of track calls as types.
TEST(Segment, snake_case) {
  const std::pair<const char*, const char*> cases[] = {
      {"Order Completed", "order_completed"},
      {"videoPlayed", "video_played"},
      {"URLOpened", "url_opened"},
      {"click", "click"},
      {"  Trim me! ", "trim_me"},
      {"a.b/c", "a_b_c"},
      {"Step2Done", "step2_done"},
      {"\xd0\x97\xd0\xb0", ""},
  };
  for (const auto& [name, type] : cases) EXPECT_EQ(snake_case(name), type) << name;
}

// What each call of Segment becomes.
TEST(Segment, calls) {
  const auto read = [](const char* text, Wire wire = Wire::segment) { return read_event(envelope_of(text, wire)); };

  const auto track = read(
      R"({"type":"track","event":"Signed Up","userId":"u","properties":{"plan":"pro"},"timestamp":"2026-11-22T12:45:58.440Z","sentAt":"x","integrations":{}})");
  ASSERT_TRUE(track);
  EXPECT_EQ(track->type, "signup");
  EXPECT_EQ(track->properties.size(), 1u);

  const auto page = read(R"({"type":"page","name":"Home","anonymousId":"a","properties":{"url":"https://x/"}})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->type, "page_view");
  EXPECT_EQ(page->properties.find("name")->as_string(), "Home");
  EXPECT_EQ(page->user_id, "");

  const auto identify =
      read(R"({"userId":"u","traits":{"email":"a@b.c"},"originalTimestamp":"2026-11-22T12:45:58.440Z"})",
           Wire::segment_identify);
  ASSERT_TRUE(identify);
  EXPECT_EQ(identify->properties_path, "/traits");
  EXPECT_TRUE(identify->occurred_at);

  const auto group = read(R"({"type":"group","userId":"u","groupId":"g"})");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->properties.find("group_id")->as_string(), "g");

  const auto alias = read(R"({"type":"alias","userId":"u2","previousId":"u1"})");
  ASSERT_TRUE(alias);
  EXPECT_EQ(alias->properties.find("previous_id")->as_string(), "u1");
}

TEST(Segment, refuses) {
  EXPECT_EQ(reasons_of(R"({"type":"track","userId":"u"})", Wire::segment), "/event required;");
  EXPECT_EQ(reasons_of(R"({"type":"track","event":"!","userId":"u"})", Wire::segment), "/event pattern;");
  EXPECT_EQ(reasons_of(R"({"type":"delete","userId":"u"})", Wire::segment), "/type enum;");
  EXPECT_EQ(reasons_of(R"({"type":"page"})", Wire::segment), " required;");
  EXPECT_EQ(reasons_of(R"({"type":"group","userId":"u"})", Wire::segment), "/groupId required;");
  EXPECT_EQ(reasons_of(R"({"type":"alias","userId":"u"})", Wire::segment), "/previousId required;");
}

// E-mail addresses become lower case where they are looked for, and nowhere else.
TEST(Normalize, emails) {
  auto event = read_event(envelope_of(
      R"({"type":"signup","user_id":"u","properties":{"email":"A@B.C","Email":"A@B.C"},"context":{"traits":{"email":"X@Y.Z"}}})"));
  ASSERT_TRUE(event);
  normalize(*event);
  EXPECT_EQ(event->properties.find("email")->as_string(), "a@b.c");
  EXPECT_EQ(event->properties.find("Email")->as_string(), "A@B.C");
  EXPECT_EQ(event->context.find("traits")->find("email")->as_string(), "x@y.z");
}

// What is cut ends with a whole character.
TEST(FirstBytes, ends_with_a_character) {
  EXPECT_EQ(first_bytes("abc", 3), "abc");
  EXPECT_EQ(first_bytes("abcd", 3), "abc");
  EXPECT_EQ(first_bytes("aä€", 3), "aä");
  EXPECT_EQ(first_bytes("aä€", 4), "aä");
  EXPECT_EQ(first_bytes("€", 1), "");
}

}  // namespace
}  // namespace pipeline::event
