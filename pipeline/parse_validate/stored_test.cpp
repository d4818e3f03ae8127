// What parse_validate stores of an event otherwise than it came.

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/memory_client.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/parse_validate/app.hpp"
#include "pipeline/privacy/pseudonym.hpp"
#include "pipeline/telemetry/recorder.hpp"

namespace pipeline::parse_validate {
namespace {

const std::string kFirst = "raw/year=2026/month=11/day=22/hour=12/01ABC.json";
const std::string kSecond = "raw/year=2026/month=11/day=22/hour=13/01ABD.json";
const std::string kSecret = "0123456789abcdef0123456789abcdef";

class Stored : public testing::Test {
 protected:
  Stored() {
    client.put("schemas/signup/1-0-0.json", R"({"properties":{"email":{"format":"email"},"age":{"type":"integer"}}})");
    client.put("config/pseudonym_key", kSecret + "\n");
  }

  static std::string signup(const std::string& properties, const std::string& context = "{}") {
    return R"({"type":"signup","event_id":"e","user_id":"u","properties":)" + properties + R"(,"context":)" + context +
           "}";
  }

  void put_raw(const std::string& key, const std::vector<std::string>& raws) {
    std::string body;
    for (const std::string& raw : raws) {
      const event::Envelope envelope{
          .id = "e", .received_at = base::from_unix_ms(1'795'351'558'440), .source = "web", .raw = raw};
      body += event::write_envelope(envelope) + "\n";
    }
    client.put(key, body);
  }

  // What became of the object's events: "2 received, 1 stored, 1 duplicate, 0 quarantined"; or the error's type.
  std::string run(const std::string& key = kFirst) {
    const lambda_runtime::Invocation invocation{.payload = R"({"bucket":"b","key":")" + key + R"("})",
                                                .request_id = "r-1",
                                                .deadline = clock.now() + std::chrono::seconds(60),
                                                .function_arn = {},
                                                .trace_id = {}};
    const auto outcome = aws_client::run_blocking(app.handle(invocation, lines));
    if (!outcome) return outcome.error().type;
    const json::Value answer = json::parse(*outcome).value();
    std::string said;
    for (const char* const name : {"received", "stored", "duplicate", "quarantined"}) {
      said += (said.empty() ? "" : ", ") + std::to_string(*answer.get_int64(name)) + " " + name;
    }
    return said;
  }

  // An attribute of the one item, in DynamoDB's JSON form.
  std::string attribute(std::string_view name) {
    if (client.items.size() != 1) return std::to_string(client.items.size()) + " items";
    const json::Value* const value = client.items.begin()->second.find(name);
    return value ? json::write(*value) : "none";
  }

  void set_rules(const std::string& rules) {
    client.put("config/privacy.json", R"({"rules":[)" + rules + "]}");
    clock.advance(std::chrono::seconds(31));
  }

  base::ManualClock clock{base::from_unix_ms(1'795'351'558'440)};
  base::SeededIds ids;
  aws_client::BlockingTimers timers{clock};
  telemetry::Recorder lines;
  aws_client::MemoryClient client;
  App app{{.bucket = "b", .table = "events"}, client, timers, ids};
};

const std::string kStored = "1 received, 1 stored, 0 duplicate, 0 quarantined";
const std::string kDuplicate = "1 received, 0 stored, 1 duplicate, 0 quarantined";
const std::string kQuarantined = "1 received, 0 stored, 0 duplicate, 1 quarantined";
const std::string kHashMail = R"({"path":"/properties/email","action":"hash"})";

// Without rules nothing is changed, and neither key nor fingerprint has any part in it.
TEST_F(Stored, as_it_came) {
  put_raw(kFirst, {signup(R"({"email":"Alice@example.org"})")});
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(attribute("p"), R"({"M":{"email":{"S":"alice@example.org"}}})");
  EXPECT_EQ(attribute("fingerprint"), "none");
  EXPECT_EQ(std::ranges::count(client.calls, "GetObject config/pseudonym_key"), 0);
}

// The schema judges what came (a hash is no e-mail address); the table holds what the rules leave of it.
TEST_F(Stored, by_rules_and_schema) {
  client.put("schemas/signup/1-0-0.json",
             R"({"properties":{"email":{"format":"email","x-privacy":"mask"},"card":{"x-privacy":"drop"}}})");
  set_rules(kHashMail + R"(,{"source":"web","path":"/context/*","action":"mask"})");
  put_raw(kFirst, {signup(R"({"email":"Alice@example.org","card":"4711","n":1})", R"({"ip":"192.0.2.7"})")});
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(attribute("p"),
            R"({"M":{"email":{"S":")" + privacy::pseudonym(kSecret, "alice@example.org") + R"("},"n":{"N":"1"}}})");
  EXPECT_EQ(attribute("ctx"), R"({"M":{"ip":{"S":"***"}}})");
}

// What is taken out of an event lies beside it, and is hidden there as it would be in its place; a list that gets
// shorter by a rule doesn't change what is taken out of it.
TEST_F(Stored, what_is_trimmed_is_hidden) {
  client.put("schemas/signup/1-0-0.json", R"({"properties":{"items":{"items":{"properties":{"sku":true},
             "additionalProperties":false}},"email":true},"additionalProperties":false})");
  client.put("config/validation.json", R"({"rules":[{"invalid":"omit"}]})");
  set_rules(R"({"path":"/properties/phone","action":"mask"},{"path":"/properties/items/0","action":"drop"},)" +
            kHashMail + R"(,{"path":"/properties/secret","action":"drop"})");
  const std::string one = signup(R"({"items":[{"sku":"a","x":1},{"sku":"b","x":2}],"phone":"555","secret":"s"})");
  put_raw(kFirst, {one});
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(attribute("p"), R"({"M":{"items":{"L":[{"M":{"sku":{"S":"b"}}}]}}})");
  EXPECT_EQ(attribute("omitted_properties"), R"({"M":{"/items/1/x":{"N":"2"},"/phone":{"S":"***"}}})");
  put_raw(kSecond, {one});
  EXPECT_EQ(run(kSecond), kDuplicate);
  put_raw(kSecond, {signup(R"({"items":[{"sku":"a","x":1},{"sku":"b","x":2}],"phone":"556","secret":"s"})")});
  EXPECT_EQ(run(kSecond), kQuarantined);
}

// An event that is sent again is a duplicate, and an id that is used again is seen, whatever is hidden of either, and
// also where the rules changed in between.
TEST_F(Stored, duplicates_of_what_is_hidden) {
  const std::string one = signup(R"({"email":"alice@example.org","age":30})");
  const std::string same = signup(R"({"age":3e1,"email":"ALICE@example.org"})");
  const std::string other = signup(R"({"email":"bob@example.org","age":30})");
  set_rules(R"({"path":"/properties/email","action":"drop"})");
  put_raw(kFirst, {one});
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(run(), kStored);
  put_raw(kSecond, {same});
  EXPECT_EQ(run(kSecond), kDuplicate);
  set_rules("");
  EXPECT_EQ(run(kSecond), kDuplicate);
  put_raw(kSecond, {other});
  EXPECT_EQ(run(kSecond), kQuarantined);
  // And the other way round: stored plain, sent again under rules.
  client.items.clear();
  EXPECT_EQ(run(), kStored);
  set_rules(kHashMail);
  EXPECT_EQ(run(kSecond), kQuarantined);
  put_raw(kSecond, {same});
  EXPECT_EQ(run(kSecond), kDuplicate);
  put_raw(kSecond, {one, same});
  EXPECT_EQ(run(kSecond), "2 received, 0 stored, 2 duplicate, 0 quarantined");
}

// Neither the quarantine's records nor the log show what is hidden, be it a value or a name within it.
TEST_F(Stored, reasons_do_not_tell) {
  client.put("schemas/signup/1-0-0.json",
             R"({"properties":{"email":{"format":"email"},"age":{"maximum":9,"multipleOf":5,"const":7,"enum":[1]},
                 "mails":{"additionalProperties":{"type":"integer"}},
                 "more":{"propertyNames":{"maxLength":1},"patternProperties":{"x":false},"additionalProperties":false}}})");
  set_rules(R"({"path":"/properties/*","action":"hash"})");
  put_raw(
      kFirst,
      {signup(R"({"email":"secret mail","age":4711,"mails":{"secret@b.c":"x"},"more":{"secret-x":1,"secret":1}})")});
  EXPECT_EQ(run(), kQuarantined);
  const std::string& record = client.objects["quarantine/" + kFirst.substr(4)].body;
  for (const char* const path :
       {"/properties/email\"", "/properties/age\"", "/properties/mails\"", "/properties/more\""}) {
    EXPECT_NE(record.find(path), std::string::npos) << record;
  }
  for (const char* const told : {"secret", "4711"}) {
    EXPECT_EQ(record.find(told), std::string::npos) << record;
    for (const std::string& line : lines.lines) EXPECT_EQ(line.find(told), std::string::npos) << line;
  }
}

// Rules that can't be read, or a key that isn't there, store nothing plain: the attempt fails, and is worth another.
TEST_F(Stored, fails_closed) {
  put_raw(kFirst, {signup(R"({"email":"alice@example.org"})")});
  client.put("config/privacy.json", "{nonsense");
  EXPECT_EQ(run(), "Pipeline.Retryable");
  set_rules(kHashMail);
  client.objects.erase("config/pseudonym_key");
  EXPECT_EQ(run(), "Pipeline.Retryable");
  EXPECT_TRUE(client.items.empty());
  client.put("config/pseudonym_key", kSecret);
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(run(), kStored);
}

// What is added to an event comes of what is stored of it: what is hidden doesn't come back.
TEST_F(Stored, enriched) {
  client.put("config/enrichment.json", R"({"campaign":{},"sessions":{}})");
  put_raw(kFirst, {signup(R"({"url":"https://x/?utm_source=news"})", R"({"session_id":"s1"})")});
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(attribute("enriched"),
            R"({"M":{"campaign":{"M":{"source":{"S":"news"}}},"session":{"M":{"id":{"S":"s1"},"by":{"S":"sdk"}}}}})");
  client.items.clear();
  set_rules(R"({"path":"/properties/url","action":"mask"},{"path":"/context/session_id","action":"hash"})");
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(attribute("enriched"),
            R"({"M":{"session":{"M":{"id":{"S":")" + privacy::pseudonym(kSecret, "s1") + R"("},"by":{"S":"sdk"}}}}})");
  // An event that is sent again is a duplicate, however it would be enriched now.
  client.put("config/enrichment.json", R"({"campaign":{}})");
  clock.advance(std::chrono::seconds(31));
  put_raw(kSecond, {signup(R"({"url":"https://x/?utm_source=news"})", R"({"session_id":"s1"})")});
  EXPECT_EQ(run(kSecond), kDuplicate);
}

// No fault of the enrichment's is an event's: it is stored as it came, and the log says why.
TEST_F(Stored, enrichment_fails_nothing) {
  client.put("config/enrichment.json", R"({"geo":{"database":"config/enrichment/c.mmdb"},"campaign":{}})");
  client.put("config/enrichment/c.mmdb", "nonsense");
  put_raw(kFirst, {signup("{}")});
  EXPECT_EQ(run(), kStored);
  EXPECT_EQ(attribute("enriched"), "none");
  EXPECT_EQ(std::ranges::count_if(lines.lines,
                                  [](const std::string& line) {
                                    return line.find("events are enriched in part") != std::string::npos &&
                                           line.find("config/enrichment/c.mmdb") != std::string::npos;
                                  }),
            1);
  client.items.clear();
  client.fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (call.starts_with("GetObject config/enrichment"))
      return ServiceError{.code = "SlowDown", .message = {}, .http_status = 503};
    return std::nullopt;
  };
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(run(), kStored);
}

// An item that has room for the event alone holds it alone.
TEST_F(Stored, enrichment_has_to_fit) {
  client.put("config/enrichment.json", R"({"campaign":{}})");
  const std::string url = "https://x/?utm_source=" + std::string(200, 's');
  for (const auto& [more, enriched] : {std::pair<std::size_t, bool>{408'000, true}, {408'500, false}}) {
    client.items.clear();
    put_raw(kFirst, {signup(R"({"url":")" + url + R"(","more":")" + std::string(more, 'x') + "\"}")});
    EXPECT_EQ(run(), kStored) << more;
    EXPECT_EQ(attribute("enriched") != "none", enriched) << more;
  }
}

// Nothing configured costs no call for an object, once S3 has said so.
TEST_F(Stored, costs_nothing_where_there_is_nothing) {
  put_raw(kFirst, {signup("{}")});
  run();
  client.calls.clear();
  run();
  EXPECT_EQ(client.calls,
            (std::vector<std::string>{"GetObject " + kFirst, "BatchExecuteStatement 1", "BatchExecuteStatement 1"}));
}

}  // namespace
}  // namespace pipeline::parse_validate
