#pragma once
// For tests: the room over a real store in a folder of its own, called in JSON through its table of operations.

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/dynamodb/records.hpp"
#include "localcloud/services/dynamodb/service.hpp"
#include "localcloud/wire/protocol.hpp"

namespace localcloud::dynamodb {

class AllowAll final : public wire::Authorizer {
 public:
  std::optional<std::string> denial(const wire::Caller&, const wire::Access& access) override {
    asked.push_back(access);
    return std::nullopt;
  }
  std::vector<wire::Access> asked;
};

class RoomForTests : public testing::Test {
 protected:
  RoomForTests() {
    caller_.account = "123456789012";
    caller_.region = "us-east-1";
  }
  ~RoomForTests() override { std::filesystem::remove_all(folder_); }

  struct Answer {
    int status;
    json::Value body;
    std::string text;
  };

  Answer call(std::string_view operation, const std::string& request) {
    const wire::Service desk = front_desk(room_);
    allowed_.asked.clear();
    caller_.time = clock_.now();
    for (const wire::Operation& row : desk.operations) {
      if (row.name != operation) continue;
      wire::Call call{caller_, {.protocol = wire::Protocol::aws_json, .service = &desk}, allowed_};
      const Result<Done> parsed = wire::parse_document(call.request, request);
      EXPECT_TRUE(parsed) << request;
      wire::http::Reply reply = wait_for(row.call(&room_, call));
      auto body = json::parse(reply.body);
      EXPECT_TRUE(body) << reply.body;
      return {reply.status, body ? *body : json::Value(), reply.body};
    }
    ADD_FAILURE() << operation;
    return {};
  }

  template <class T>
  static T wait_for(Task<T> task) {
    std::promise<T> promise;
    base::spawn(deliver(std::move(task), promise));
    return promise.get_future().get();
  }
  template <class T>
  static Task<void> deliver(Task<T> task, std::promise<T>& promise) {
    promise.set_value(co_await task);
  }

  // Expects a 200 and this body, whatever the order of members.
  void expect(std::string_view operation, const std::string& request, std::string_view body) {
    const Answer answer = call(operation, request);
    EXPECT_EQ(answer.status, 200) << operation << request << answer.text;
    EXPECT_EQ(answer.body, *json::parse(body)) << operation << request << "\n" << answer.text;
  }
  void expect_error(std::string_view operation, const std::string& request, std::string_view type,
                    std::string_view message) {
    const Answer answer = call(operation, request);
    EXPECT_EQ(answer.status, 400) << operation << request << answer.text;
    const std::string found(answer.body.get_string("__type").value_or(""));
    EXPECT_EQ(found.substr(found.find('#') + 1), type) << operation << request;
    std::optional<std::string_view> words = answer.body.get_string("message");
    if (!words) words = answer.body.get_string("Message");
    EXPECT_EQ(words.value_or(""), message) << operation << request;
  }

  void create_events() {
    const Answer answer = call("CreateTable", R"({"TableName":"events","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},
                              {"AttributeName":"day","AttributeType":"S"},{"AttributeName":"at","AttributeType":"N"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[{"IndexName":"by_day","Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x"]},
        "KeySchema":[{"AttributeName":"day","KeyType":"HASH"},{"AttributeName":"at","KeyType":"RANGE"}]}],
      "LocalSecondaryIndexes":[{"IndexName":"by_at","Projection":{"ProjectionType":"KEYS_ONLY"},
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"at","KeyType":"RANGE"}]}]})");
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.body.find("TableDescription")->get_string("TableStatus"), "CREATING");
  }
  void put(const std::string& item) { expect("PutItem", R"({"TableName":"events","Item":)" + item + "}", "{}"); }
  void put_five() {
    for (int i = 1; i <= 5; ++i) {
      const std::string n = std::to_string(i);
      put(R"({"pk":{"S":"a"},"sk":{"S":"s)" + n + R"("},"at":{"N":")" + std::to_string(10 - i) +
          R"("},"day":{"S":"monday"},"x":{"N":")" + n + R"("},"y":{"S":"only in the table"}})");
    }
  }
  std::int64_t item_count() {
    return *call("DescribeTable", R"({"TableName":"events"})").body.find("Table")->get_int64("ItemCount");
  }
  std::vector<std::string> sort_keys(const json::Value& body) {
    std::vector<std::string> keys;
    for (const json::Value& item : body.find("Items")->as_array()) {
      keys.emplace_back(*item.find("sk")->get_string("S"));
    }
    return keys;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("dynamodb_test_" + base::RandomIds().hex(12));
  storage::Store store_{{.folder = folder_, .sync = storage::StoreOptions::Sync::never}};
  base::ManualClock clock_;
  base::SeededIds ids_;
  DynamoDb room_{store_, clock_, ids_};
  AllowAll allowed_;
  wire::Caller caller_;
};

}  // namespace localcloud::dynamodb
