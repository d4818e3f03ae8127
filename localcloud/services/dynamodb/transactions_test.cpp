// Transactions: all of their actions or none, once for each token, and what stands against each.

#include "localcloud/services/dynamodb/room_for_tests.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::dynamodb {
namespace {

class TransactionsTest : public RoomForTests {
 protected:
  TransactionsTest() { create_events(); }

  static std::string key(const std::string& sort) { return R"({"pk":{"S":"a"},"sk":{"S":")" + sort + R"("}})"; }
  static std::string put_of(const std::string& sort, const std::string& rest = "") {
    return R"({"Put":{"TableName":"events","Item":{"pk":{"S":"a"},"sk":{"S":")" + sort + R"("},"day":{"S":"monday"},)" +
           R"("at":{"N":"1"},"x":{"N":"1"}})" + rest + "}}";
  }
  static std::string of(const std::string& kind, const std::string& sort, const std::string& rest) {
    return R"({")" + kind + R"(":{"TableName":"events","Key":)" + key(sort) + rest + "}}";
  }
  static std::string request(const std::string& actions, const std::string& rest = "") {
    return R"({"TransactItems":[)" + actions + "]" + rest + "}";
  }
  std::string item(const std::string& sort) {
    return call("GetItem", R"({"TableName":"events","Key":)" + key(sort) + "}").text;
  }
};

constexpr const char* kAbsent = R"x(,"ConditionExpression":"attribute_not_exists(pk)")x";

// One write of each kind; indexes and counts go with them.
TEST_F(TransactionsTest, WritesAll) {
  put_five();
  const std::string add = of("Update", "s2",
                             R"(,"UpdateExpression":"ADD x :one","ExpressionAttributeValues":)"
                             R"({":one":{"N":"1"}})");
  expect("TransactWriteItems",
         request(put_of("s6", kAbsent) + "," + add + "," + of("Delete", "s3", "") + "," +
                     of("ConditionCheck", "s4", R"x(,"ConditionExpression":"attribute_exists(pk)")x"),
                 R"(,"ReturnConsumedCapacity":"TOTAL")"),
         R"({"ConsumedCapacity":[{"TableName":"events","CapacityUnits":18}]})");
  EXPECT_EQ(item_count(), 5);
  EXPECT_NE(item("s2").find(R"("x":{"N":"3"})"), std::string::npos);
  EXPECT_EQ(item("s3"), "{}");
  const Answer by_day = call("Query", R"({"TableName":"events","IndexName":"by_day",
      "KeyConditionExpression":"#d = :d","ExpressionAttributeNames":{"#d":"day"},
      "ExpressionAttributeValues":{":d":{"S":"monday"}}})");
  EXPECT_EQ(sort_keys(by_day.body), (std::vector<std::string>{"s6", "s5", "s4", "s2", "s1"}));
  ASSERT_EQ(allowed_.asked.size(), 1u);  // of the Query
}

// What stands against one stops all, and is told at its place, with the item where that is asked for.
TEST_F(TransactionsTest, WritesNoneWhereOneCant) {
  put_five();
  const std::string before = item("s1");
  const Answer answer = call(
      "TransactWriteItems",
      request(put_of("s9") + "," +
              of("Delete", "s1", R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")" + std::string(kAbsent)) + "," +
              R"({"Put":{"TableName":"events","Item":{"pk":{"S":"a"}}}})" + "," +
              of("Update", "s2", R"(,"UpdateExpression":"SET pk = :p","ExpressionAttributeValues":{":p":{"S":"b"}})")));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body.get_string("Message"),
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
            "ConditionalCheckFailed, ValidationError, ValidationError]");
  const json::Array& reasons = answer.body.find("CancellationReasons")->as_array();
  ASSERT_EQ(reasons.size(), 4u);
  EXPECT_EQ(json::write(reasons[0]), R"({"Code":"None"})");
  EXPECT_EQ(reasons[1].get_string("Message"), "The conditional request failed");
  EXPECT_EQ(json::write(json::Object{{"Item", *reasons[1].find("Item")}}), before);
  EXPECT_EQ(reasons[2].get_string("Message"),
            "One or more parameter values were invalid: Missing the key sk in the item");
  EXPECT_EQ(reasons[3].get_string("Message"),
            "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key");
  EXPECT_EQ(item("s9"), "{}");
  EXPECT_EQ(item("s1"), before);
  EXPECT_EQ(item_count(), 5);
}

TEST_F(TransactionsTest, RefusesWhatIsNoTransaction) {
  expect_error("TransactWriteItems", request(put_of("s1") + "," + of("Delete", "s1", "")), "ValidationException",
               "Transaction request cannot include multiple operations on one item");
  expect_error("TransactWriteItems", request("{}"), "ValidationException",
               "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  std::string both = put_of("s1");
  both.back() = ',';
  expect_error("TransactWriteItems", request(both + of("Delete", "s2", "").substr(1)), "ValidationException",
               "TransactItems can only contain one of Check, Put, Update or Delete");
  expect_error("TransactWriteItems", request(R"({"Delete":{"TableName":"none","Key":)" + key("s") + "}}"),
               "ResourceNotFoundException", "Requested resource not found");
  expect_error("TransactGetItems", request(of("Get", "s1", "") + "," + of("Get", "s1", "")), "ValidationException",
               "Transaction request cannot include multiple operations on one item");
  std::string large;
  for (int i = 0; i < 11; ++i) {
    large += (i == 0 ? "" : ",") + put_of("l" + std::to_string(i));
    large.insert(large.size() - 3, R"(,"y":{"S":")" + std::string(390'000, 'y') + R"("})");
  }
  expect_error("TransactWriteItems", request(large), "ValidationException",
               "The aggregate size of the items in the transaction exceeded 4 MBs");
  EXPECT_EQ(item_count(), 0);
}

// The same request under the same token is carried out once in ten minutes; another one is refused meanwhile.
TEST_F(TransactionsTest, AreCarriedOutOnceForEachToken) {
  const auto add = [](const char* number, const char* token) {
    return request(of("Update", "s",
                      R"(,"UpdateExpression":"ADD x :n","ExpressionAttributeValues":{":n":{"N":")" +
                          std::string(number) + R"("}})"),
                   R"(,"ClientRequestToken":")" + std::string(token) + '"');
  };
  const auto holds = [&](const char* number) {
    return item("s").find(R"("x":{"N":")" + std::string(number) + '"') != std::string::npos;
  };
  expect("TransactWriteItems", add("1", "t"), "{}");
  expect("TransactWriteItems", add("1", "t"), "{}");
  EXPECT_TRUE(holds("1"));
  EXPECT_EQ(call("TransactWriteItems", add("2", "t")).body.get_string("__type"),
            "IdempotentParameterMismatchException");
  expect("TransactWriteItems", add("2", "u"), "{}");
  EXPECT_TRUE(holds("3"));
  clock_.advance(std::chrono::seconds(601));
  expect("TransactWriteItems", add("2", "t"), "{}");
  EXPECT_TRUE(holds("5"));
  // The sweep leaves the one that is valid.
  while (wait_for(sweep(room_))) {
  }
  expect("TransactWriteItems", add("2", "t"), "{}");
  EXPECT_TRUE(holds("5"));
  clock_.advance(std::chrono::seconds(601));
  while (wait_for(sweep(room_))) {
  }
  std::size_t left = 0;
  for (const char* kind : {"token", "token-expiry"}) {
    store_.snapshot()->scan_prefix(storage::Key("dynamodb").add(kind), [&](std::string_view, std::string_view) {
      ++left;
      return storage::Step::go_on;
    });
  }
  EXPECT_EQ(left, 0u);
}

// One that was cancelled may be sent again under its token.
TEST_F(TransactionsTest, ACancelledOneIsNotRemembered) {
  const std::string again =
      request(of("ConditionCheck", "s1", R"x(,"ConditionExpression":"attribute_exists(pk)")x") + "," + put_of("s9"),
              R"(,"ClientRequestToken":"t")");
  EXPECT_EQ(call("TransactWriteItems", again).status, 400);
  put_five();
  expect("TransactWriteItems", again, "{}");
  EXPECT_NE(item("s9"), "{}");
}

// Answers stand in the order of the request, one for what isn't there too; each needs its operation's permission.
TEST_F(TransactionsTest, ReadsAtOneMoment) {
  put_five();
  expect("TransactGetItems",
         request(of("Get", "s2", R"(,"ProjectionExpression":"x")") + "," + of("Get", "none", "") + "," +
                     of("Get", "s1", R"(,"ProjectionExpression":"sk")"),
                 R"(,"ReturnConsumedCapacity":"TOTAL")"),
         R"({"Responses":[{"Item":{"x":{"N":"2"}}},{},{"Item":{"sk":{"S":"s1"}}}],
             "ConsumedCapacity":[{"TableName":"events","CapacityUnits":6}]})");
  ASSERT_EQ(allowed_.asked.size(), 3u);
  EXPECT_EQ(allowed_.asked[0].action, "dynamodb:GetItem");
  call("TransactWriteItems", request(put_of("s9") + "," + of("Delete", "s1", "") + "," +
                                     of("Update", "s2", R"(,"UpdateExpression":"REMOVE x")") + "," +
                                     of("ConditionCheck", "s3", R"x(,"ConditionExpression":"attribute_exists(pk)")x")));
  ASSERT_EQ(allowed_.asked.size(), 4u);
  EXPECT_EQ(allowed_.asked[0].action, "dynamodb:PutItem");
  EXPECT_EQ(allowed_.asked[1].action, "dynamodb:DeleteItem");
  EXPECT_EQ(allowed_.asked[2].action, "dynamodb:UpdateItem");
  EXPECT_EQ(allowed_.asked[3].action, "dynamodb:ConditionCheckItem");
  const std::vector<std::pair<std::string, std::vector<std::string>>> leading = {{"dynamodb:LeadingKeys", {"a"}}};
  EXPECT_EQ(allowed_.asked[3].context, leading);
}

}  // namespace
}  // namespace localcloud::dynamodb
