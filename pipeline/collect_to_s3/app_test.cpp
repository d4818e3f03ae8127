// The collector against the services in memory: what is stored, started, answered and counted.

#include "pipeline/collect_to_s3/app.hpp"

#include "pipeline/collect_to_s3/app_for_tests.hpp"

namespace pipeline::collect_to_s3 {
namespace {

// An event is stored as it came before its execution is started, then the answer tells its id.
TEST_F(Collect, stores_then_starts_then_answers) {
  const std::string raw = "{\"type\" : \"click\",\"event_id\":\"e-1\",\"user_id\":\"u\"}";
  const Answer answer = send({.body = raw});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.find("ids")->as_array().at(0).as_string(), "e-1");
  EXPECT_EQ(answer.body.get_int64("received"), 1);

  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].raw, raw);
  EXPECT_EQ(stored()[0].source, "web");
  EXPECT_EQ(stored()[0].received_at, clock.now());
  const std::string key = only_key("raw/");
  EXPECT_TRUE(key.starts_with("raw/year=2026/month=11/day=22/hour=12/")) << key;
  EXPECT_EQ(answer.body.get_string("key"), key);

  ASSERT_EQ(client.executions.size(), 1u);
  EXPECT_EQ(client.executions[0].input, R"({"bucket":"b","key":")" + key + R"("})");
  EXPECT_EQ(client.calls,
            (std::vector<std::string>{"GetObject config/write_keys.json", "PutObject " + key, "StartExecution"}));
  EXPECT_EQ(lines.sum("EventsReceived"), 1);
  EXPECT_EQ(lines.sum("BytesReceived"), static_cast<std::int64_t>(raw.size()));
}

// Pitfall 26: events without an id get one from the object and the line; bytes that aren't UTF-8 survive.
TEST_F(Collect, derives_ids) {
  const Answer answer = send({.body = "{\"a\":1}\n\xff\xfe\n{\"event_id\":\"x\"}"});
  EXPECT_EQ(answer.status, 200);
  const std::string key = only_key("raw/");
  const std::string ulid = key.substr(key.rfind('/') + 1, 26);
  ASSERT_EQ(stored().size(), 3u);
  EXPECT_EQ(stored()[0].id, ulid + "-0");
  EXPECT_EQ(stored()[1].id, ulid + "-1");
  EXPECT_EQ(stored()[1].raw, "\xff\xfe");
  EXPECT_EQ(stored()[2].id, "x");
  EXPECT_EQ(lines.sum("EventsReceived"), 3);
  EXPECT_EQ(lines.sum("EventsQuarantined"), 0);
}

// Pitfall 14: each place in which a key may be shown; unknown ones and none are 401, and nothing is kept.
TEST_F(Collect, write_keys) {
  const std::string event = R"({"type":"click"})";
  EXPECT_EQ(send({.body = event, .headers = {{"authorization", "Basic " + base::to_base64("key-1:")}}}).status, 200);
  EXPECT_EQ(send({.body = event, .headers = {{"Authorization", "basic " + base::to_base64("key-1:x")}}}).status, 200);
  EXPECT_EQ(send({.body = event, .headers = {{"x-write-key", "key-1"}}}).status, 200);
  EXPECT_EQ(send({.body = event, .headers = {}, .query = "a=%b&writeKey=key%2D1"}).status, 200);
  EXPECT_EQ(send({.body = R"({"type":"click","writeKey":"key-1"})", .headers = {}}).status, 200);
  EXPECT_EQ(client.executions.size(), 5u);
  EXPECT_EQ(send({.body = event, .headers = {}}).status, 401);
  EXPECT_EQ(send({.body = event, .headers = {{"x-write-key", "key-2"}}}).status, 401);
  // The header's key counts, and the body's doesn't mend it.
  EXPECT_EQ(send({.body = R"({"writeKey":"key-1"})", .headers = {{"x-write-key", "key-2"}}}).status, 401);
  EXPECT_EQ(send({.body = "garbage", .headers = {}}).status, 401);
  EXPECT_EQ(client.executions.size(), 5u);
  EXPECT_EQ(only_key("quarantine/"), "");
}

// The key list is read once, then by ETag; a new key works at once, a removed one until the list is stale.
TEST_F(Collect, caches_write_keys) {
  send({.body = "{}"});
  send({.body = "{}"});
  EXPECT_EQ(std::count(client.calls.begin(), client.calls.end(), "GetObject config/write_keys.json"), 1);
  clock.advance(std::chrono::seconds(2));
  client.put("config/write_keys.json", R"({"keys":[{"sha256":")" + aws::sha256_hex("key-2") + R"(","source":"ios"}]})");
  EXPECT_EQ(send({.body = "{}", .headers = {{"x-write-key", "key-2"}}}).status, 200);
  EXPECT_EQ(send({.body = "{}"}).status, 401);
  // S3 is away: what is known goes on being used.
  clock.advance(std::chrono::seconds(60));
  client.fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (!call.starts_with("GetObject")) return std::nullopt;
    return ServiceError{.code = "InternalError", .message = "", .http_status = 500};
  };
  EXPECT_EQ(send({.body = "{}", .headers = {{"x-write-key", "key-2"}}}).status, 200);
}

// Without a readable key list nobody can be told to go away for good.
TEST_F(Collect, unreadable_write_keys) {
  client.put("config/write_keys.json", "{");
  const Answer answer = send({.body = "{}"});
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.header("retry-after"), "");
  client.objects.clear();
  clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(send({.body = "{}"}).status, 503);
}

// A body that can't be decoded: 400 that says where, the bytes kept, counted once as received and quarantined.
TEST_F(Collect, keeps_undecodable_bodies) {
  const Answer answer = send({.body = "{\"type\":\"cl\xff"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.get_string("error")->find("at byte"), std::string::npos);
  const std::string key = only_key("quarantine/");
  EXPECT_EQ(answer.body.get_string("key"), key);
  const auto line = json::parse(client.objects[key].body.substr(0, client.objects[key].body.size() - 1));
  EXPECT_EQ(line->get_string("raw_base64"), base::to_base64("{\"type\":\"cl\xff"));
  EXPECT_EQ(line->get_string("source"), "web");
  EXPECT_TRUE(client.executions.empty());
  EXPECT_EQ(lines.sum("EventsReceived"), 1);
  EXPECT_EQ(lines.sum("EventsQuarantined"), 1);
}

ServiceError unavailable_error() {
  return {.code = "ServiceUnavailable", .message = "", .http_status = 503};
}

// Not durable: 503 with Retry-After, nothing started, nothing counted.
TEST_F(Collect, not_durable) {
  client.fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (call.starts_with("PutObject")) return unavailable_error();
    return std::nullopt;
  };
  for (const char* body : {"{}", "garbage"}) {
    const Answer answer = send({.body = body});
    EXPECT_EQ(answer.status, 503);
    EXPECT_GE(base::to_number<int>(answer.header("retry-after")).value_or(0), 1);
  }
  EXPECT_TRUE(client.executions.empty());
  EXPECT_EQ(lines.sum("EventsReceived"), 0);
}

// Not started: 503, and the object stays for replay. An execution of that name has been started by the same call.
TEST_F(Collect, not_started) {
  client.fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (call == "StartExecution") return unavailable_error();
    return std::nullopt;
  };
  EXPECT_EQ(send({.body = "{}"}).status, 503);
  EXPECT_EQ(stored().size(), 1u);
  client.fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (call == "StartExecution")
      return ServiceError{.code = "ExecutionAlreadyExists", .message = "", .http_status = 400};
    return std::nullopt;
  };
  EXPECT_EQ(send({.body = "{}"}).status, 200);
}

// Pitfall 9, browsers: preflight without a key, the origin echoed on every answer.
TEST_F(Collect, cors) {
  const Answer answer = send(
      {.method = "OPTIONS",
       .path = "/v1/batch",
       .headers = {{"origin", "https://shop.example"}, {"access-control-request-headers", "authorization,x-new"}}});
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://shop.example");
  EXPECT_EQ(answer.header("access-control-allow-credentials"), "true");
  EXPECT_EQ(answer.header("access-control-allow-headers"), "authorization,x-new");
  EXPECT_EQ(answer.header("access-control-allow-methods"), "GET, POST, OPTIONS");
  const Answer refused = send({.body = "{}", .headers = {{"origin", "https://shop.example"}}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("access-control-allow-origin"), "https://shop.example");
  EXPECT_EQ(refused.header("access-control-expose-headers"), "retry-after");
  EXPECT_EQ(send({.body = "{}"}).header("access-control-allow-origin"), "");
}

// Pitfall 5: slashes at the end are nothing.
TEST_F(Collect, paths_and_methods) {
  EXPECT_EQ(send({.method = "GET", .path = "/v1/health"}).status, 200);
  EXPECT_EQ(send({.method = "HEAD", .path = "/v1/health/"}).status, 200);
  EXPECT_EQ(send({.path = "/v1/nothing"}).status, 404);
  EXPECT_EQ(send({.method = "GET"}).status, 405);
  EXPECT_EQ(send({.path = "/v1/events///", .body = "{}"}).status, 200);
}

// Invoked with a raw event, it stores, starts nothing, and says where.
TEST_F(Collect, direct) {
  const std::string raw = R"({ "type":"click", "event_id":"e-1" })";
  const auto outcome = invoke(raw);
  ASSERT_TRUE(outcome);
  const json::Value answer = *json::parse(*outcome);
  EXPECT_EQ(answer.get_string("bucket"), "b");
  EXPECT_EQ(answer.get_string("key"), only_key("raw/"));
  EXPECT_EQ(stored()[0].raw, raw);
  EXPECT_EQ(stored()[0].source, "direct");
  EXPECT_TRUE(client.executions.empty());
  EXPECT_EQ(invoke("[{},{}]").has_value(), true);
  EXPECT_EQ(invoke("[]").error().type, "Pipeline.BadInput");
  EXPECT_EQ(invoke("7").error().type, "Pipeline.BadInput");
  client.fail = [](const std::string&) { return std::optional(unavailable_error()); };
  EXPECT_EQ(invoke("{}").error().type, "Pipeline.Retryable");
  client.fail = [](const std::string&) {
    return std::optional(ServiceError{.code = "AccessDenied", .message = "", .http_status = 403});
  };
  EXPECT_EQ(invoke("{}").error().type, "Pipeline.Refused");
}

// Pitfall 53: what it says never holds a body or a key.
TEST_F(Collect, logs_nothing_private) {
  send({.body = R"({"type":"click","user_id":"secret-user"})"});
  send({.body = "secret-garbage"});
  send({.body = "{}", .headers = {{"x-write-key", "secret-key"}}});
  ASSERT_FALSE(lines.lines.empty());
  for (const std::string& line : lines.lines) {
    EXPECT_TRUE(json::parse(line)) << line;
    EXPECT_EQ(line.find("secret"), std::string::npos) << line;
    EXPECT_EQ(line.find(kKey), std::string::npos) << line;
  }
}

// The environment's variables, and what is wrong with them.
TEST(Config, reads_environment) {
  std::unordered_map<std::string, std::string> variables = {
      {"BUCKET", "b"}, {"STATE_MACHINE_ARN", "arn"}, {"EVENTS_MAX", "7"}};
  const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  EXPECT_EQ(read_config(environment)->events_max, 7u);
  variables["ANSWER_MS_MAX"] = "soon";
  EXPECT_EQ(read_config(environment).error(), "ANSWER_MS_MAX must be an integer from 0, is \"soon\"");
  variables.erase("ANSWER_MS_MAX");
  EXPECT_EQ(read_config(environment)->address, AddressPolicy::drop);
  variables["ADDRESS"] = "truncate";
  EXPECT_EQ(read_config(environment)->address, AddressPolicy::truncate);
  variables["USER_AGENT"] = "truncate";
  EXPECT_EQ(read_config(environment).error(), "USER_AGENT must be drop or keep, is \"truncate\"");
  variables["ADDRESS"] = "some";
  EXPECT_EQ(read_config(environment).error(), "ADDRESS must be drop, truncate or keep, is \"some\"");
  variables.erase("BUCKET");
  EXPECT_EQ(read_config(environment).error(), "BUCKET is missing");
}

}  // namespace
}  // namespace pipeline::collect_to_s3
