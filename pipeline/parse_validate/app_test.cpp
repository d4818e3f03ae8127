// parse_validate against the services in memory, with the schemas that are shipped.

#include <algorithm>
#include <deque>

#include "pipeline/parse_validate/app_for_tests.hpp"
#include "pipeline/parse_validate/item.hpp"

namespace pipeline::parse_validate {
namespace {

// A valid event becomes an item with the keys that the README names.
TEST_F(Parse, stores_an_event) {
  put_raw({kClick});
  EXPECT_EQ(run(), (Counts{1, 1, 0, 0}));
  EXPECT_EQ(answer.get_string("key"), kRawKey);
  EXPECT_EQ(answer.find("quarantine_key"), nullptr);
  const std::string sk = "2026-11-22T12:45:58.440Z#e-1";
  EXPECT_EQ(attribute("user#u1", sk, "type"), "click");
  EXPECT_EQ(attribute("user#u1", sk, "gpk"), "click#2026-11-22#" + std::to_string(shard_of("e-1", kShards)));
  EXPECT_EQ(attribute("user#u1", sk, "gsk"), sk);
  EXPECT_EQ(attribute("user#u1", sk, "received_at"), "2026-11-22T12:45:58.440Z");
  EXPECT_EQ(attribute("user#u1", sk, "stored_at"), "2026-11-22T12:45:59.940Z");
  EXPECT_EQ(attribute("user#u1", sk, "src"), "web");
  EXPECT_EQ(attribute("user#u1", sk, "raw"), kRawKey + "#0");
  EXPECT_EQ(attribute("user#u1", sk, "schema_version"), "1-0-0");
  EXPECT_EQ(attribute("user#u1", sk, "expires_at", "N"), std::to_string(kReceived_ms / 1000 + 30 * 86400));
  EXPECT_EQ(attribute("user#u1", sk, "p"), R"({"M":{"element":{"S":"buy"},"x":{"N":"1.50"}}})");
  EXPECT_EQ(lines.sum("EventsStored"), 1);
  EXPECT_EQ(lines.sum("EndToEndLatency"), 1500);
}

// Without a client's time the sort key is constant, so that a retry meets itself; the index has the time of arrival.
TEST_F(Parse, events_without_a_time) {
  put_raw({R"({"type":"click","event_id":"e-1","anonymous_id":"a1","properties":{"element":"x"}})"});
  EXPECT_EQ(run(), (Counts{1, 1, 0, 0}));
  const std::string sk = "0000-00-00T00:00:00.000Z#e-1";
  EXPECT_EQ(attribute("anonymous#a1", sk, "gpk").substr(0, 16), "click#2026-11-22");
  EXPECT_EQ(attribute("anonymous#a1", sk, "gsk"), "2026-11-22T12:45:58.440Z#e-1");
  EXPECT_EQ(attribute("anonymous#a1", sk, "user_id"), "none");
}

// The same event twice in an object, and again in another: stored once, counted as duplicates.
TEST_F(Parse, duplicates) {
  put_raw({kClick, kClick});
  EXPECT_EQ(run(), (Counts{2, 1, 1, 0}));
  const std::string other = "raw/year=2026/month=11/day=22/hour=12/01ABD.json";
  put_raw({kClick, kClick}, event::Wire::events, other);
  EXPECT_EQ(run(other), (Counts{2, 0, 2, 0}));
  EXPECT_EQ(lines.sum("EventsDuplicate"), 3);
}

// Doing an object again, whole or after half of it was stored, answers the same.
TEST_F(Parse, retries) {
  put_raw({kClick, kClick, "{}"});
  EXPECT_EQ(run(), (Counts{3, 1, 1, 1}));
  EXPECT_EQ(run(), (Counts{3, 1, 1, 1}));
  client.items.clear();
  EXPECT_EQ(run(), (Counts{3, 1, 1, 1}));
}

// Invalid events go to quarantine with every reason and harm nobody; the object has the raw object's name.
TEST_F(Parse, quarantine) {
  put_raw({R"({"type":"purchase","user_id":"u","properties":{"currency":"eur","total":-1,"items":[]}})", kClick});
  EXPECT_EQ(run(), (Counts{2, 1, 0, 1}));
  EXPECT_EQ(answer.get_string("quarantine_key"), kQuarantineKey);
  EXPECT_EQ(reasons(),
            "/properties required;/properties/currency pattern;/properties/total minimum;/properties/items minItems;");
  const std::string& body = client.objects[kQuarantineKey].body;
  const auto line = json::parse(body.substr(0, body.find('\n')));
  EXPECT_EQ(line->get_string("type"), "purchase");
  EXPECT_EQ(line->get_string("id"), "01ABC-0");
  EXPECT_EQ(line->get_string("source"), "web");
  EXPECT_EQ(json::write(*line->find("raw_pointer")), R"({"bucket":"b","key":")" + kRawKey + R"(","line":0})");
  EXPECT_EQ(lines.sum("EventsQuarantined"), 1);
}

// Each way into the quarantine, with its reason.
TEST_F(Parse, reasons_for_quarantine) {
  const std::pair<std::string, const char*> cases[] = {
      {"not json", " json;"},
      {R"({"type":"dance","user_id":"u"})", "/type unknownType;"},
      {R"({"type":"click","schema_version":9,"user_id":"u","properties":{"element":"x"}})", "/type unknownType;"},
      {R"({"type":"click","user_id":"u","timestamp":"soon","properties":1})", "/timestamp format;/properties type;"},
      {R"({"type":"click","user_id":"u"})", "/properties required;"},
      {R"({"type":"login","user_id":"u","properties":{"password":"x"}})", "/properties/password false;"},
      {R"({"type":"logout","user_id":"u","properties":{"n":123456789012345678901234567890123456789}})",
       "/properties/n storable;"},
      {R"({"type":"logout","user_id":"u","properties":{"n":1e126}})", "/properties/n storable;"},
      {R"({"type":"logout","user_id":"u","properties":{"a/b":{"":1}}})", "/properties/a~1b/ storable;"},
      {R"({"type":"logout","user_id":"u","context":{"n":)" + std::string(40, '[') + std::string(40, ']') + "}}",
       nullptr},
      {R"({"type":"logout","user_id":"u","properties":{"t":")" + std::string(420'000, 'x') + "\"}}", " storable;"},
  };
  for (const auto& [raw, expected] : cases) {
    client.objects.erase(kQuarantineKey);
    put_raw({raw});
    EXPECT_EQ(run(), (Counts{1, 0, 0, 1})) << raw.substr(0, 200);
    if (expected) {
      EXPECT_EQ(reasons(), expected) << raw.substr(0, 200);
    }
  }
  EXPECT_TRUE(client.items.empty());
}

// Numbers that DynamoDB holds exactly.
TEST_F(Parse, storable_numbers) {
  put_raw(
      {R"({"type":"logout","user_id":"u","event_id":"e","properties":{"a":12345678901234567890123456789012345678,"b":1.50,"c":-0.0,"d":1e125,"e":0e999}})"});
  EXPECT_EQ(run(), (Counts{1, 1, 0, 0}));
}

// E-mail addresses are compared in lower case, after the schema has seen them as they came.
TEST_F(Parse, normalises) {
  put_raw({R"({"type":"signup","user_id":"u","event_id":"e","properties":{"email":"Some.One@Example.COM"}})"});
  EXPECT_EQ(run(), (Counts{1, 1, 0, 0}));
  EXPECT_EQ(attribute("user#u", "0000-00-00T00:00:00.000Z#e", "p"), R"({"M":{"email":{"S":"some.one@example.com"}}})");
}

// All calls of Segment's SDK pass with the shipped schemas, but a track whose name has none.
TEST_F(Parse, segment) {
  put_raw({R"({"type":"identify","userId":"u1","messageId":"m1","traits":{"email":"A@b.c"}})",
           R"({"type":"page","name":"Home","anonymousId":"a","messageId":"m2","properties":{"url":"https://x/"}})",
           R"({"type":"group","userId":"u1","groupId":"g","messageId":"m3","traits":{"n":1}})",
           R"({"type":"alias","userId":"u2","previousId":"u1","messageId":"m4"})",
           R"({"type":"screen","userId":"u1","name":"Start","messageId":"m5"})",
           R"({"type":"track","userId":"u1","event":"Signed Up","messageId":"m6"})",
           R"({"type":"track","userId":"u1","event":"Order Completed","messageId":"m7","properties":{"revenue":9.5}})"},
          event::Wire::segment);
  EXPECT_EQ(run(), (Counts{7, 6, 0, 1}));
  EXPECT_EQ(reasons(), "/type unknownType;");
  EXPECT_EQ(attribute("user#u1", "0000-00-00T00:00:00.000Z#m3", "p"), R"({"M":{"n":{"N":"1"},"group_id":{"S":"g"}}})");
  // A type is added by putting its schema into the bucket.
  client.put("schemas/order_completed/1-0-0.json", R"({"properties":{"revenue":{"type":"number"}}})");
  clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(run(), (Counts{7, 7, 0, 0}));
}

// The insert goes in requests of 25.
TEST_F(Parse, batches) {
  std::vector<std::string> raws;
  for (int i = 0; i < 60; ++i) {
    raws.push_back(R"({"type":"click","event_id":")" + std::to_string(i) +
                   R"(","user_id":"u","properties":{"element":"x"}})");
  }
  put_raw(raws);
  EXPECT_EQ(run(), (Counts{60, 60, 0, 0}));
  EXPECT_EQ(std::count(client.calls.begin(), client.calls.end(), "BatchExecuteStatement 25"), 2);
  EXPECT_EQ(std::count(client.calls.begin(), client.calls.end(), "BatchExecuteStatement 10"), 1);
}

// Statements that were throttled go again; one that never gets through fails the run as worth retrying.
TEST_F(Parse, throttled_statements) {
  put_raw({kClick, R"({"type":"logout","event_id":"e-2","user_id":"u"})"});
  int refusals = 2;
  client.fail_statement = [&](const aws::Statement&) -> std::optional<aws::StatementError> {
    if (refusals-- <= 0) return std::nullopt;
    return aws::StatementError{.code = "ThrottlingError", .message = ""};
  };
  EXPECT_EQ(run(), (Counts{2, 2, 0, 0}));
  EXPECT_EQ(client.items.size(), 2u);
  client.items.clear();
  refusals = 1000;
  EXPECT_EQ(error_type(), "Pipeline.Retryable");
}

// What DynamoDB finds wrong with one item is that item's reason.
TEST_F(Parse, refused_items) {
  put_raw({kClick, R"({"type":"logout","event_id":"e-2","user_id":"u"})"});
  client.fail_statement = [](const aws::Statement& statement) -> std::optional<aws::StatementError> {
    if (json::write(statement.parameters[0]).find("user#u1") == std::string::npos) return std::nullopt;
    return aws::StatementError{.code = "ValidationError", .message = "Item size has exceeded the maximum allowed size"};
  };
  EXPECT_EQ(run(), (Counts{2, 1, 0, 1}));
  EXPECT_EQ(reasons(), " storable;");
}

// Which failures are worth retrying. A registry that can't be reached quarantines nothing.
TEST_F(Parse, failures) {
  const ServiceError busy{.code = "SlowDown", .message = "", .http_status = 503};
  const ServiceError denied{.code = "AccessDenied", .message = "", .http_status = 403};
  EXPECT_EQ(error_type(), "Pipeline.BadInput");
  put_raw({kClick, "{}"});
  for (const char* call : {"GetObject raw/", "GetObject config/", "ListObjectsV2 schemas/", "GetObject schemas/",
                           "BatchExecuteStatement", "PutObject quarantine/"}) {
    fail_calls(call, busy);
    EXPECT_EQ(error_type(), "Pipeline.Retryable") << call;
  }
  EXPECT_FALSE(client.objects.contains(kQuarantineKey));
  fail_calls("BatchExecuteStatement", denied);
  EXPECT_EQ(error_type(), "Pipeline.Refused");
  client.fail = nullptr;
  EXPECT_EQ(error_type("{}"), "Pipeline.BadInput");
  EXPECT_EQ(error_type("7"), "Pipeline.BadInput");
  EXPECT_EQ(error_type(R"({"bucket":"other","key":"raw/a.json"})"), "Pipeline.BadInput");
  EXPECT_EQ(error_type(R"({"bucket":"b","key":"config/write_keys.json"})"), "Pipeline.BadInput");
  EXPECT_EQ(run(), (Counts{2, 1, 0, 1}));
}

// Linked into a server it runs on a thread that serves others: they get their turn between the events of a large
// object.
TEST_F(Parse, lets_others_run) {
  class Queue final : public base::Executor {
   public:
    void post(base::Work work) override { waiting.push_back(std::move(work)); }
    std::deque<base::Work> waiting;
  };
  std::vector<std::string> raws;
  for (int i = 0; i < 1000; ++i) {
    raws.push_back(R"({"type":"logout","event_id":"e-)" + std::to_string(i) + R"(","user_id":"u"})");
  }
  put_raw(raws);
  Queue queue;
  base::Executor* const before = std::exchange(base::Executor::current(), &queue);
  int turns = 0;
  bool done = false;
  const lambda_runtime::Invocation invocation{.payload = R"({"bucket":"b","key":")" + kRawKey + R"("})",
                                              .request_id = "r-1",
                                              .deadline = clock.now() + std::chrono::seconds(60),
                                              .function_arn = {},
                                              .trace_id = {}};
  base::spawn([](App& asked, const lambda_runtime::Invocation& with, telemetry::Lines& out, bool& ended) -> Task<void> {
    const lambda_runtime::Outcome outcome = co_await asked.handle(with, out);
    EXPECT_TRUE(outcome.has_value());
    ended = true;
  }(app, invocation, lines, done));
  for (; !queue.waiting.empty(); ++turns) {
    base::Work work = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    work();
  }
  base::Executor::current() = before;
  EXPECT_TRUE(done);
  EXPECT_EQ(turns, 10);  // nothing else that it awaits here takes time
}

// Made-up types cost a bounded number of reads.
TEST_F(Parse, made_up_types) {
  std::vector<std::string> raws;
  for (int i = 0; i < 300; ++i) raws.push_back(R"({"type":"t)" + std::to_string(i) + R"(","user_id":"u"})");
  put_raw(raws);
  EXPECT_EQ(run(), (Counts{300, 0, 0, 300}));
  EXPECT_LE(client.calls.size(), 105u);
}

// A schema that can't be used quarantines its events, with the reason.
TEST_F(Parse, unusable_schema) {
  client.put("schemas/dance/1-0-0.json", R"x({"pattern":"(?=x)"})x");
  put_raw({R"({"type":"dance","user_id":"u"})"});
  EXPECT_EQ(run(), (Counts{1, 0, 0, 1}));
  EXPECT_EQ(reasons(), "/type schema;");
}

// An id that comes back with other content is no duplicate: it is kept, and seen.
TEST_F(Parse, reused_ids) {
  const std::string other =
      R"({"type":"click","event_id":"e-1","timestamp":"2026-11-22T15:45:58.44+03:00","user_id":"u1","properties":{"element":"sell","x":1.50}})";
  put_raw({kClick, kClick, other});
  EXPECT_EQ(run(), (Counts{3, 1, 1, 1}));
  EXPECT_EQ(reasons(), " idReused;");
  EXPECT_EQ(quarantined("failure"), "id_reused");
  const std::string later = "raw/year=2026/month=11/day=22/hour=13/01DEF.json";
  put_raw({other}, event::Wire::events, later);
  EXPECT_EQ(run(later), (Counts{1, 0, 0, 1}));
  put_raw({kClick}, event::Wire::events, later);
  EXPECT_EQ(run(later), (Counts{1, 0, 1, 0}));
  EXPECT_EQ(client.items.size(), 1u);
}

// Each record says what kind of thing went wrong, who found it, and which schema was asked.
TEST_F(Parse, typed_quarantine) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"type":"click"})", "unreadable"},
      {R"({"type":"made_up","user_id":"u"})", "unknown_type"},
      {R"({"type":"click","user_id":"u","properties":{"element":"x","n":1e400}})", "unstorable"},
      {R"({"type":"click","user_id":"u","properties":{}})", "invalid"}};
  for (const auto& [raw, failure] : cases) {
    put_raw({raw});
    EXPECT_EQ(run(), (Counts{1, 0, 0, 1}));
    EXPECT_EQ(quarantined("failure"), failure);
  }
  EXPECT_EQ(quarantined("schema"), "click/1-0-0");
  EXPECT_EQ(quarantined("component"), R"({"name":"parse_validate","version":"1.1"})");
}

// The client's clock is measured and marked, never corrected: what it queued apart from how wrong it goes.
TEST_F(Parse, clocks) {
  const auto click = [](const std::string& id, const std::string& timestamp, const std::string& more = "") {
    return R"({"type":"click","event_id":")" + id + R"(","timestamp":")" + timestamp +
           R"(","user_id":"u1","properties":{"element":"buy"})" + more + "}";
  };
  put_raw({click("e-1", "2026-11-22T12:45:50Z", R"(,"sent_at":"2026-11-22T12:45:55Z")"),
           click("e-2", "2036-11-22T12:45:50Z"), click("e-3", "1970-01-01T00:00:00Z"),
           click("e-4", "2026-11-22T12:45:50Z", R"(,"sent_at":"soon")")});
  EXPECT_EQ(run(), (Counts{4, 4, 0, 0}));
  EXPECT_EQ(attribute("user#u1", "2026-11-22T12:45:50.000Z#e-1", "queued_ms", "N"), "5000");
  EXPECT_EQ(attribute("user#u1", "2026-11-22T12:45:50.000Z#e-1", "skew_ms", "N"),
            std::to_string(kReceived_ms - 1'795'351'555'000));
  EXPECT_EQ(attribute("user#u1", "2036-11-22T12:45:50.000Z#e-2", "clock"), "future");
  EXPECT_EQ(attribute("user#u1", "1970-01-01T00:00:00.000Z#e-3", "clock"), "ancient");
  EXPECT_EQ(attribute("user#u1", "2026-11-22T12:45:50.000Z#e-4", "skew_ms", "N"), "none");
}

// What the collector held back goes into quarantine, until an operator lets it in; a replay isn't counted again.
TEST_F(Parse, held_events) {
  put_raw({kClick});
  std::string& body = client.objects[kRawKey].body;
  body.insert(body.find(",\"raw\""), R"(,"held":"retiredKey")");
  EXPECT_EQ(run(), (Counts{1, 0, 0, 1}));
  EXPECT_EQ(reasons(), " retiredKey;");
  lines.lines.clear();
  EXPECT_TRUE(invoke(R"({"bucket":"b","key":")" + kRawKey + R"(","replay":true,"take_held":true})"));
  EXPECT_EQ(client.items.size(), 1u);
  EXPECT_EQ(lines.sum("EventsStored"), 0);
}

// The line of an event that was erased keeps the numbers of those after it, and is none itself.
TEST_F(Parse, erased_lines) {
  put_raw({kClick, kClick, R"({"type":"click"})"});
  std::string& body = client.objects[kRawKey].body;
  body.replace(0, body.find('\n'), event::write_erased(clock.now()));
  EXPECT_EQ(run(), (Counts{2, 1, 0, 1}));
  EXPECT_EQ(attribute("user#u1", "2026-11-22T12:45:58.440Z#e-1", "raw"), kRawKey + "#1");
}

// A line that the collector didn't write is quarantined too: the counts close.
TEST_F(Parse, foreign_lines) {
  client.put(kRawKey, "{\"foo\":1}\n\nrubbish");
  EXPECT_EQ(run(), (Counts{2, 0, 0, 2}));
  EXPECT_EQ(reasons(), " envelope;");
}

// What it says never holds what users sent.
TEST_F(Parse, logs_nothing_private) {
  put_raw({R"({"type":"click","user_id":"secret-user","properties":{"element":"secret-element"}})",
           R"({"type":"click","user_id":"secret-user","properties":{"element":7}})"});
  run();
  ASSERT_FALSE(lines.lines.empty());
  for (const std::string& line : lines.lines) EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

// Ids that count up are spread evenly over as many shards as there are (pitfall 64).
TEST(Item, number_64_shards) {
  for (const unsigned shards : {1U, 4U, 100U}) {
    std::vector<int> counts(shards);
    for (int i = 0; i < 10'000; ++i) ++counts.at(shard_of("e-" + std::to_string(i), shards));
    for (const int count : counts)
      EXPECT_NEAR(count, 10'000 / static_cast<int>(shards), 3'000 / static_cast<int>(shards));
  }
}

// The environment's variables, and what is wrong with them.
TEST(Config, reads_environment) {
  std::unordered_map<std::string, std::string> variables = {{"BUCKET", "b"}, {"TABLE", "t"}, {"RETENTION_DAYS", "7"}};
  const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  EXPECT_EQ(read_config(environment)->retention_days, 7);
  variables["RETENTION_DAYS"] = "-1";
  EXPECT_EQ(read_config(environment).error(), "RETENTION_DAYS must be an integer from 0 to 1000000, is \"-1\"");
  variables["RETENTION_DAYS"] = "0";
  EXPECT_EQ(read_config(environment)->shards, kShards);
  variables["SHARDS"] = "32";
  EXPECT_EQ(read_config(environment)->shards, 32U);
  variables["SHARDS"] = "0";
  EXPECT_EQ(read_config(environment).error(), "SHARDS must be an integer from 1 to 100, is \"0\"");
  variables.erase("TABLE");
  EXPECT_EQ(read_config(environment).error(), "TABLE is missing");
}

}  // namespace
}  // namespace pipeline::parse_validate
