// Who may send, and how much: keys that were retired, keys with a rate.

#include "aws/dates.hpp"
#include "pipeline/collect_to_s3/app_for_tests.hpp"

namespace pipeline::collect_to_s3 {
namespace {

class RetiredKey : public Collect {};

TEST_F(RetiredKey, still_takes_events_and_holds_them_back) {
  const std::string hash = aws::sha256_hex(kKey);
  const auto keys = [&](const std::string& more) {
    client.put("config/write_keys.json", R"({"keys":[{"sha256":")" + hash + R"(","source":"web")" + more + "}]}");
    clock.advance(std::chrono::minutes(1));
  };
  const std::string now = aws::format_rfc3339(clock.now());
  keys(R"(,"retired_at":"2099-01-01T00:00:00Z")");
  EXPECT_EQ(send({.body = R"({"type":"click","user_id":"u"})"}).status, 200);
  EXPECT_EQ(stored().at(0).held, "");
  std::erase_if(client.objects, [](const auto& object) { return object.first.starts_with("raw/"); });
  keys(R"(,"retired_at":")" + now + R"(")");
  EXPECT_EQ(send({.body = R"({"type":"click","user_id":"u"})"}).status, 200);
  EXPECT_EQ(stored().at(0).held, "retiredKey");
  clock.advance(std::chrono::days(31));
  EXPECT_EQ(send({.body = R"({"type":"click","user_id":"u"})"}).status, 401);
}

class LimitedKey : public Collect {
 protected:
  // An instance that shares its rate with others.
  Config shared() const { return {.bucket = "b", .state_machine_arn = "arn:machine", .table = "events"}; }

  LimitedKey() {
    client.put("config/write_keys.json", R"({"keys":[{"sha256":")" + aws::sha256_hex(kKey) +
                                             R"(","source":"web","events_per_second":20},{"sha256":")" +
                                             aws::sha256_hex("key-2") + R"(","source":"app"}]})");
  }
  Answer send_some(std::size_t count) {
    std::string body;
    for (std::size_t i = 0; i < count; ++i) body += "{\"type\":\"click\",\"user_id\":\"u\"}\n";
    return send({.body = body});
  }
};

TEST_F(LimitedKey, sends_its_rate_and_is_told_when_to_come_again) {
  int passed = 0;
  while (send_some(1).status == 200) ++passed;
  EXPECT_EQ(passed, 20);
  const Answer refused = send_some(1);
  EXPECT_EQ(refused.status, 429);
  EXPECT_GE(std::stoi(refused.header("retry-after")), 1);
  EXPECT_EQ(send({.body = R"({"type":"click","user_id":"u"})", .headers = {{"x-write-key", "key-2"}}}).status, 200)
      << "a noisy key is nobody else's trouble";
  EXPECT_EQ(send({.path = "/e", .body = R"({"api_key":"key-1","batch":[]})"}).status, 503)
      << "posthog-js throws its events away at a 429";
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(send_some(1).status, 200);
}

TEST_F(LimitedKey, pays_for_a_large_batch_afterwards) {
  EXPECT_EQ(send_some(60).status, 200);
  EXPECT_EQ(send_some(1).status, 429);
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(send_some(1).status, 429);
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(send_some(1).status, 200);
}

TEST_F(LimitedKey, shares_its_rate_between_instances) {
  App one(shared(), client, clock, ids), other(shared(), client, clock, ids);
  const auto count = [&](App& instance, int limit) {
    int passed = 0;
    while (passed < limit && send_to(instance, {.body = R"({"type":"click","user_id":"u"})"}).status == 200) ++passed;
    return passed;
  };
  const int first = count(one, 7);
  EXPECT_EQ(first, 7);
  // Seven events took four slots of two events; the eighth event is the first instance's still.
  EXPECT_EQ(count(other, 100), 12);
  EXPECT_EQ(count(one, 100), 1);
}

TEST_F(LimitedKey, keeps_to_the_rate_alone_where_the_table_does_not_answer) {
  App instance(shared(), client, clock, ids);
  client.fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (!call.starts_with("BatchExecuteStatement")) return std::nullopt;
    return ServiceError{.code = "AccessDeniedException", .message = "no", .http_status = 400};
  };
  int passed = 0;
  while (send_to(instance, {.body = R"({"type":"click","user_id":"u"})"}).status == 200) ++passed;
  EXPECT_EQ(passed, 20);
}

}  // namespace
}  // namespace pipeline::collect_to_s3
