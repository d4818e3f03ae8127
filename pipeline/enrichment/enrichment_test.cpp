// Settings, campaigns, sessions, and all of it together.

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/memory_client.hpp"
#include "pipeline/enrichment/campaign.hpp"
#include "pipeline/enrichment/database_for_tests.hpp"
#include "pipeline/enrichment/enricher.hpp"
#include "pipeline/enrichment/sessions.hpp"

namespace pipeline::enrichment {
namespace {

event::Event event_of(const std::string& properties, const std::string& context = "{}") {
  event::Event event;
  event.user_id = "u";
  event.properties = json::parse(properties).value().as_object();
  event.context = json::parse(context).value().as_object();
  return event;
}

TEST(Settings, forms) {
  const auto settings = parse_settings(
      R"({"user_agent":{"rules":"config/enrichment/r.yaml"},"bots":{"words":["Bot"]},"geo":{"database":"config/enrichment/c.mmdb"},
          "campaign":{},"sessions":{}})");
  ASSERT_TRUE(settings) << settings.error();
  EXPECT_EQ(settings->user_agent_rules, "config/enrichment/r.yaml");
  EXPECT_EQ(settings->geo_database, "config/enrichment/c.mmdb");
  EXPECT_EQ(settings->bot_words->at(0), "bot");
  EXPECT_TRUE(settings->has_campaign && settings->has_sessions);
  EXPECT_FALSE(parse_settings("{}")->bot_words);
  EXPECT_GT(parse_settings(R"({"bots":{}})")->bot_words->size(), 5u);
  const std::pair<std::string, std::string> malformed[] = {
      {"{", "not JSON: expected a member's name at byte 1"},
      {"[]", "must be an object"},
      {R"({"geo":7})", R"("geo" must be an object)"},
      {R"({"weather":{}})", R"("weather" isn't known)"},
      {R"({"sessions":{"length":7}})", R"("sessions" must be {})"},
      {R"({"bots":{"words":[7]}})", R"("bots" "words" must be texts)"},
      {R"({"bots":{"word":[]}})", R"("bots" has an unknown member "word")"},
      {R"({"user_agent":{}})", R"("user_agent" "rules" must be the key of an object below config/enrichment/)"},
      {R"({"geo":{"database":"raw/x"}})", R"("geo" "database" must be the key of an object below config/enrichment/)"},
  };
  for (const auto& [text, problem] : malformed) EXPECT_EQ(parse_settings(text).error(), problem);
}

TEST(Campaign, where_it_is_said) {
  const auto campaign = [](const std::string& properties, const std::string& context = "{}") {
    return json::write(campaign_of(event_of(properties, context)));
  };
  EXPECT_EQ(campaign("{}"), "{}");
  EXPECT_EQ(
      campaign(
          R"({"url":"https://x/?a=1&utm_source=news&utm_medium=e%2Dmail&UTM_Campaign=spring+sale&gclid=abc#f?utm_id=9"})"),
      R"({"source":"news","medium":"e-mail","name":"spring sale","click":{"gclid":"abc"}})");
  EXPECT_EQ(campaign("{}", R"({"page":{"search":"?utm_source=a"},"campaign":{"source":"b","name":"c"}})"),
            R"({"source":"a","name":"c"})");
  EXPECT_EQ(campaign(R"({"utm_source":"p","utm_id":7})"), R"({"source":"p"})");
  EXPECT_EQ(campaign(R"({"url":"https://x/?utm_source=&utm_medium=%ff&utm_term"})"), "{}");
  EXPECT_EQ(campaign(R"({"url":"https://x/?utm_source=)" + std::string(2000, 'x') + "\"}"),
            R"({"source":")" + std::string(256, 'x') + "\"}");
  EXPECT_EQ(campaign(R"({"url":7,"utm_source":{}})", R"({"page":[],"campaign":"x"})"), "{}");
  std::string many = "https://x/?";
  for (int i = 0; i < 100'000; ++i) many += "utm_source=&";
  EXPECT_EQ(campaign(R"({"url":")" + many + "\"}"), "{}");
}

TEST(Sessions, of_the_sdk) {
  const auto session = [](const std::string& properties, const std::string& context) {
    const json::Object found = session_of(event_of(properties, context), base::from_unix_ms(0));
    const json::Value value(found);
    return std::string(*value.get_string("by")) + " " + std::string(*value.get_string("id"));
  };
  EXPECT_EQ(session("{}", R"({"sessionId":1795351558440})"), "sdk 1795351558440");  // RudderStack
  EXPECT_EQ(session("{}", R"({"session_id":"5f2b"})"), "sdk 5f2b");                 // Snowplow, Amplitude
  EXPECT_EQ(session("{}", R"({"posthog":{"session_id":"0192"}})"), "sdk 0192");
  EXPECT_EQ(session("{}", R"({"clickstream":{"session_id":"a-1"}})"), "sdk a-1");  // AWS
  EXPECT_EQ(session(R"({"session.id":"s"})", "{}"), "sdk s");                      // OpenTelemetry
  EXPECT_EQ(session("{}", R"({"resource":{"session.id":"r"}})"), "sdk r");
  EXPECT_EQ(session(R"({"session_id":"own"})", R"({"session_id":-1})"), "sdk own");
  EXPECT_EQ(session("{}", R"({"session_id":{}})").substr(0, 9), "half_hour");
}

// By half hours of the event's own time, for one identity; without a time, by when it came.
TEST(Sessions, by_half_hours) {
  const auto session = [](std::int64_t minute, const char* user, bool has_time) {
    event::Event event = event_of("{}");
    event.user_id = user;
    if (has_time) event.occurred_at = base::from_unix_ms(minute * 60'000);
    return json::write(session_of(event, base::from_unix_ms(has_time ? 0 : minute * 60'000)));
  };
  EXPECT_EQ(session(60, "u", true), session(89, "u", true));
  EXPECT_EQ(session(60, "u", true), session(61, "u", false));
  EXPECT_NE(session(60, "u", true), session(90, "u", true));
  EXPECT_NE(session(60, "u", true), session(60, "v", true));
  EXPECT_NE(session(-1, "u", true), session(1, "u", true));
}

class Enriching : public testing::Test {
 protected:
  Sources sources() {
    clock.advance(std::chrono::seconds(31));
    return aws_client::run_blocking(enricher.sources({}));
  }
  std::string enriched(const Sources& with, const std::string& context = "{}") {
    const event::Envelope envelope{
        .id = "e", .source = "web", .raw = {}, .address = "192.0.2.0", .user_agent = "Alpha/1.2 bot"};
    return json::write(enrich(with, event_of(R"({"url":"https://x/?utm_source=news"})", context), envelope));
  }

  base::ManualClock clock;
  aws_client::MemoryClient client;
  Enricher enricher{
      {.bucket = "b", .fresh_for = std::chrono::seconds(30), .missing_for = std::chrono::seconds(30)}, client, clock};
};

// Without settings nothing is added, and S3 is asked once, for these.
TEST_F(Enriching, nothing) {
  const Sources none = sources();
  EXPECT_EQ(enriched(none), "{}");
  EXPECT_TRUE(none.problems.empty());
  aws_client::run_blocking(enricher.sources({}));
  EXPECT_EQ(client.calls, std::vector<std::string>{"GetObject config/enrichment.json"});
}

TEST_F(Enriching, all_of_it) {
  DatabaseForTests database;
  database.add("192.0.2.0", 24, json::Object{{"country", json::Object{{"iso_code", "DE"}}}});
  client.put("config/enrichment/c.mmdb", database.bytes());
  client.put("config/enrichment/r.yaml", "user_agent_parsers: [{regex: '(Alpha)/(\\d+)'}, {regex: '(?<=x)'}]");
  client.put(
      "config/enrichment.json",
      R"({"user_agent":{"rules":"config/enrichment/r.yaml"},"bots":{},"geo":{"database":"config/enrichment/c.mmdb"},
                 "campaign":{},"sessions":{}})");
  const Sources all = sources();
  EXPECT_EQ(all.problems, std::vector<std::string>{"config/enrichment/r.yaml: 1 rules can't be used"});
  EXPECT_EQ(enriched(all, R"({"session_id":"s"})"),
            R"({"user_agent":{"browser":"Alpha","browser_version":"1","os":"Other","device":"Other"},"bot":true,)"
            R"("geo":{"country":"DE"},"campaign":{"source":"news"},"session":{"id":"s","by":"sdk"}})");
  // What the event says of its browser goes before what the request said, which a server may have sent.
  EXPECT_NE(enriched(all, R"({"userAgent":"Alpha/7"})")
                .find(R"("browser_version":"7","os":"Other","device":"Other"},"bot":false)"),
            std::string::npos);
  EXPECT_NE(enriched(all, R"({"posthog":{"raw_user_agent":"Alpha/8"}})").find(R"("browser_version":"8")"),
            std::string::npos);
}

// What can't be had is named, and the rest goes on.
TEST_F(Enriching, problems) {
  client.put("config/enrichment.json", "{nonsense");
  EXPECT_EQ(enriched(sources()), "{}");
  EXPECT_EQ(sources().problems.at(0).substr(0, 33), "config/enrichment.json: not JSON:");
  client.put(
      "config/enrichment.json",
      R"({"user_agent":{"rules":"config/enrichment/r.yaml"},"geo":{"database":"config/enrichment/c.mmdb"},"campaign":{}})");
  client.put("config/enrichment/c.mmdb", "nonsense");
  const Sources some = sources();
  ASSERT_EQ(some.problems.size(), 2u);
  EXPECT_EQ(some.problems[0], "config/enrichment/r.yaml: there is no such object");
  EXPECT_EQ(some.problems[1].substr(0, 26), "config/enrichment/c.mmdb: ");
  EXPECT_EQ(enriched(some), R"({"campaign":{"source":"news"}})");
  client.fail = [](const std::string&) {
    return ServiceError{.code = "AccessDenied", .message = {}, .http_status = 403};
  };
  Enricher other({.bucket = "b", .fresh_for = std::chrono::seconds(30), .missing_for = std::chrono::seconds(30)},
                 client, clock);
  EXPECT_EQ(aws_client::run_blocking(other.sources({})).problems,
            std::vector<std::string>{"config/enrichment.json: AccessDenied"});
}

}  // namespace
}  // namespace pipeline::enrichment
