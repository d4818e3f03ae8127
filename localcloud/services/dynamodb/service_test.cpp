// The room whole: requests in JSON through the table of operations, over a real store, and what they must be allowed.

#include "localcloud/services/dynamodb/service.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/dynamodb/records.hpp"
#include "localcloud/wire/protocol.hpp"

namespace localcloud::dynamodb {
namespace {

class AllowAll final : public wire::Authorizer {
 public:
  std::optional<std::string> denial(const wire::Caller&, const wire::Access& access) override {
    asked.push_back(access);
    return std::nullopt;
  }
  std::vector<wire::Access> asked;
};

class Room : public testing::Test {
 protected:
  Room() {
    caller_.account = "123456789012";
    caller_.region = "us-east-1";
  }
  ~Room() override { std::filesystem::remove_all(folder_); }

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

// A table's life: made, described, listed, deleted, and its name free again with nothing of the old items in it.
TEST_F(Room, Tables) {
  create_events();
  expect_error("CreateTable", R"({"TableName":"events","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})",
               "ResourceInUseException", "Table already exists: events");
  put_five();
  const json::Value described = call("DescribeTable", R"({"TableName":"events"})").body;
  const json::Value& table = *described.find("Table");
  EXPECT_EQ(table.get_string("TableStatus"), "ACTIVE");
  EXPECT_EQ(table.get_string("TableArn"), "arn:aws:dynamodb:us-east-1:123456789012:table/events");
  EXPECT_EQ(table.get_int64("ItemCount"), 5);
  EXPECT_EQ(table.find("GlobalSecondaryIndexes")->as_array()[0].get_int64("ItemCount"), 5);
  EXPECT_EQ(table.find("BillingModeSummary")->get_string("BillingMode"), "PAY_PER_REQUEST");
  expect("ListTables", "{}", R"({"TableNames":["events"]})");
  caller_.region = "eu-west-1";
  expect("ListTables", "{}", R"({"TableNames":[]})");
  expect_error("DescribeTable", R"({"TableName":"events"})", "ResourceNotFoundException",
               "Requested resource not found: Table: events not found");
  caller_.region = "us-east-1";

  EXPECT_EQ(call("DeleteTable", R"({"TableName":"events"})").body.find("TableDescription")->get_string("TableStatus"),
            "DELETING");
  expect_error("GetItem", R"({"TableName":"events","Key":{"pk":{"S":"a"},"sk":{"S":"s1"}}})",
               "ResourceNotFoundException", "Requested resource not found");
  create_events();
  EXPECT_EQ(item_count(), 0);
  while (wait_for(sweep(room_))) continue;
  std::size_t keys = 0;
  store_.snapshot()->scan("", "\xff", [&](std::string_view, std::string_view) {
    ++keys;
    return storage::Step::go_on;
  });
  EXPECT_EQ(keys, 2u);  // the new table and its number
}

// CreateTable's rules, in AWS's words.
TEST_F(Room, TablesRefused) {
  const auto create = [](const std::string& definitions, const std::string& keys, const std::string& rest) {
    return R"({"TableName":"tab","AttributeDefinitions":[)" + definitions + R"(],"KeySchema":[)" + keys + "]" + rest +
           "}";
  };
  const std::string a = R"({"AttributeName":"a","AttributeType":"S"})";
  const std::string b = R"({"AttributeName":"b","AttributeType":"N"})";
  const std::string hash = R"({"AttributeName":"a","KeyType":"HASH"})";
  const std::string paid = R"(,"BillingMode":"PAY_PER_REQUEST")";
  const std::string invalid = "One or more parameter values were invalid: ";
  const std::pair<std::string, std::string> cases[] = {
      {create(a, hash, ""), invalid +
                                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode "
                                "is PROVISIONED"},
      {create(a, hash, paid + R"(,"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1})"),
       invalid + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                 "PAY_PER_REQUEST"},
      {create(b, hash, paid), invalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], "
                                        "AttributeDefinitions: [b]"},
      {create(a + "," + b, hash, paid), invalid + "Number of attributes in KeySchema does not exactly match number of "
                                                  "attributes defined in AttributeDefinitions"},
      {create(a, R"({"AttributeName":"a","KeyType":"RANGE"})", paid),
       "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {create(a, hash + "," + hash, paid), "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"},
      {create(a, hash, paid + R"(,"GlobalSecondaryIndexes":[])"), invalid + "List of GlobalSecondaryIndexes is empty"},
      {create(
           a, hash,
           paid + R"(,"GlobalSecondaryIndexes":[{"IndexName":"idx","KeySchema":[)" + hash + R"(],"Projection":{}}])"),
       invalid + "Unknown ProjectionType: null"},
      {create(a, hash,
              paid + R"(,"LocalSecondaryIndexes":[{"IndexName":"idx","KeySchema":[)" + hash +
                  R"(],"Projection":{"ProjectionType":"ALL"}}])"),
       invalid + "Table KeySchema does not have a range key, which is required when specifying a "
                 "LocalSecondaryIndex"},
  };
  for (const auto& [request, message] : cases) expect_error("CreateTable", request, "ValidationException", message);
  // A bad name is reported alone, before anything else that is wrong.
  expect_error(
      "PutItem", R"({"TableName":"a","Item":{},"ReturnValues":"HI"})", "ValidationException",
      "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain "
      "only the characters a-z, A-Z, 0-9, '_', '-', and '.'");
  // What AWS knows and this doesn't is refused by name.
  EXPECT_NE(call("PutItem", R"({"TableName":"tab","Item":{},"Expected":{}})").text.find("Expected"), std::string::npos);
}

// Items in and out, with what they return and what conditions do.
TEST_F(Room, Items) {
  create_events();
  const std::string key = R"({"pk":{"S":"a"},"sk":{"S":"s"}})";
  const std::string get = R"({"TableName":"events","Key":)" + key + "}";
  const std::string item = R"({"pk":{"S":"a"},"sk":{"S":"s"},"n":{"N":"1.50"},"l":{"L":[{"BOOL":true}]}})";
  expect("GetItem", get, "{}");
  put(item);
  expect("GetItem", get, R"({"Item":{"pk":{"S":"a"},"sk":{"S":"s"},"n":{"N":"1.5"},"l":{"L":[{"BOOL":true}]}}})");
  expect("GetItem",
         R"({"TableName":"arn:aws:dynamodb:us-east-1:123456789012:table/events","ProjectionExpression":"l[0],#n",
         "ExpressionAttributeNames":{"#n":"n"},"ReturnConsumedCapacity":"TOTAL","Key":)" +
             key + "}",
         R"({"Item":{"n":{"N":"1.5"},"l":{"L":[{"BOOL":true}]}},
             "ConsumedCapacity":{"TableName":"events","CapacityUnits":0.5}})");
  expect("PutItem", R"({"TableName":"events","ReturnValues":"ALL_OLD","Item":)" + key + "}",
         R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"s"},"n":{"N":"1.5"},"l":{"L":[{"BOOL":true}]}}})");
  expect_error("PutItem",
               R"j({"TableName":"events","ConditionExpression":"attribute_not_exists(pk)","Item":)j" + key + "}",
               "ConditionalCheckFailedException", "The conditional request failed");
  const Answer failed = call("PutItem", R"j({"TableName":"events","ConditionExpression":"attribute_not_exists(pk)",
      "ReturnValuesOnConditionCheckFailure":"ALL_OLD","Item":)j" +
                                            key + "}");
  ASSERT_NE(failed.body.find("Item"), nullptr) << failed.text;
  EXPECT_EQ(*failed.body.find("Item"), *json::parse(key));

  const std::string update = R"({"TableName":"events","Key":)" + key + ",";
  expect("UpdateItem", update + R"("UpdateExpression":"SET n = if_not_exists(n, :z) + :o",
      "ExpressionAttributeValues":{":z":{"N":"0"},":o":{"N":"1"}},"ReturnValues":"UPDATED_NEW"})",
         R"({"Attributes":{"n":{"N":"1"}}})");
  expect("UpdateItem", update + R"("UpdateExpression":"ADD n :o","ReturnValues":"ALL_NEW",
      "ExpressionAttributeValues":{":o":{"N":"1"}}})",
         R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"s"},"n":{"N":"2"}}})");
  expect_error(
      "UpdateItem", update + R"("UpdateExpression":"SET pk = :o","ExpressionAttributeValues":{":o":{"S":"1"}}})",
      "ValidationException",
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key");
  expect_error(
      "UpdateItem", update + R"("UpdateExpression":"SET day = :o","ExpressionAttributeValues":{":o":{"N":"1"}}})",
      "ValidationException", "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: day");
  expect_error("UpdateItem", update + R"("UpdateExpression":"SET #d = :o","ExpressionAttributeNames":{"#d":"day"},
      "ExpressionAttributeValues":{":o":{"N":"1"}}})",
               "ValidationException",
               "The update expression attempted to update the secondary index key to unsupported type");
  expect("DeleteItem", R"({"TableName":"events","ReturnValues":"ALL_OLD","Key":)" + key + "}",
         R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"s"},"n":{"N":"2"}}})");
  expect("DeleteItem", R"({"TableName":"events","ReturnValues":"ALL_OLD","Key":)" + key + "}", "{}");
  // What only takes away makes no item; a set makes one.
  expect("UpdateItem", update + R"("UpdateExpression":"REMOVE n"})", "{}");
  EXPECT_EQ(item_count(), 0);
  expect("UpdateItem", R"({"TableName":"events","Key":)" + key + "}", "{}");
  EXPECT_EQ(item_count(), 1);
}

// Items and keys that AWS refuses.
TEST_F(Room, ItemsRefused) {
  create_events();
  const std::string invalid = "One or more parameter values were invalid: ";
  const auto put_error = [&](const std::string& item, const std::string& message) {
    expect_error("PutItem", R"({"TableName":"events","Item":)" + item + "}", "ValidationException", message);
  };
  put_error(R"({"pk":{"S":"a"}})", invalid + "Missing the key sk in the item");
  put_error(R"({"pk":{"N":"1"},"sk":{"S":"s"}})", invalid + "Type mismatch for key pk expected: S actual: N");
  put_error(
      R"({"pk":{"S":""},"sk":{"S":"s"}})",
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "string value. Key: pk");
  put_error(R"({"pk":{"S":"a"},"sk":{"S":"s"},"day":{"N":"1"}})",
            invalid + "Type mismatch for Index Key day Expected: S Actual: N IndexName: by_day");
  put_error(R"({"pk":{"S":")" + std::string(2049, 'a') + R"("},"sk":{"S":"s"}})",
            invalid + "Size of hashkey has exceeded the maximum size limit of2048 bytes");
  put_error(R"({"pk":{"S":"a"},"sk":{"S":")" + std::string(1025, 'a') + R"("}})",
            invalid + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  // 400 KB, to the byte: the names and the two keys are 8 of them.
  const auto sized = [](std::size_t size) {
    return R"({"pk":{"S":"a"},"sk":{"S":"s"},"xx":{"S":")" + std::string(size - 8, 'x') + R"("}})";
  };
  put(sized(kItemSizeMax));
  put_error(sized(kItemSizeMax + 1), "Item size has exceeded the maximum allowed size");
  put_error(R"({"pk":{"S":"a"},"sk":{"S":"s"},"v":{"N":"x"}})",
            "The parameter cannot be converted to a numeric value: x");
  for (const char* key : {R"({"pk":{"S":"a"}})", R"({"pk":{"S":"a"},"x":{"S":"s"}})",
                          R"({"pk":{"S":"a"},"sk":{"N":"1"}})", R"({"pk":{"S":"a"},"sk":{"S":"s"},"x":{"S":"s"}})"}) {
    for (const char* operation : {"GetItem", "DeleteItem", "UpdateItem"}) {
      expect_error(operation, R"({"TableName":"events","Key":)" + std::string(key) + "}", "ValidationException",
                   "The provided key element does not match the schema");
    }
  }
  expect_error("PutItem", R"({"TableName":"events","Item":{"pk":{"S":1}}})", "SerializationException",
               "NUMBER_VALUE cannot be converted to String");
}

// Queries: ranges of sort keys both ways, pages that meet, indexes with what they keep.
TEST_F(Room, Queries) {
  create_events();
  put_five();
  put(R"({"pk":{"S":"b"},"sk":{"S":"s1"}})");
  const auto query = [&](const std::string& condition, const std::string& rest = "") {
    return call("Query", R"({"TableName":"events","KeyConditionExpression":")" + condition +
                             R"(","ExpressionAttributeValues":{":p":{"S":"a"})" + rest + "}");
  };
  using Keys = std::vector<std::string>;
  EXPECT_EQ(sort_keys(query("pk = :p", "}").body), (Keys{"s1", "s2", "s3", "s4", "s5"}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk > :s", R"(,":s":{"S":"s3"}})").body), (Keys{"s4", "s5"}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk <= :s", R"(,":s":{"S":"s3"}},"ScanIndexForward":false)").body),
            (Keys{"s3", "s2", "s1"}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk BETWEEN :s AND :t", R"(,":s":{"S":"s2"},":t":{"S":"s4"}})").body),
            (Keys{"s2", "s3", "s4"}));
  EXPECT_EQ(sort_keys(query("pk = :p AND begins_with(sk, :s)", R"(,":s":{"S":"s"}})").body).size(), 5u);

  Keys seen;
  std::string start;
  for (int page = 0; page < 4; ++page) {
    const Answer answer = query("pk = :p", R"(},"Limit":2)" + start);
    for (const std::string& key : sort_keys(answer.body)) seen.push_back(key);
    const json::Value* last = answer.body.find("LastEvaluatedKey");
    if (last == nullptr) break;
    start = R"(,"ExclusiveStartKey":)" + json::write(*last);
  }
  EXPECT_EQ(seen, (Keys{"s1", "s2", "s3", "s4", "s5"}));

  const Answer filtered = query("pk = :p", R"(,":n":{"N":"3"}},"FilterExpression":"x > :n","Select":"COUNT")");
  EXPECT_EQ(filtered.body, *json::parse(R"({"Count":2,"ScannedCount":5})")) << filtered.text;

  const Answer local = query("pk = :p AND #at > :n", R"(,":n":{"N":"7"}},"IndexName":"by_at",
      "ExpressionAttributeNames":{"#at":"at"})");
  EXPECT_EQ(sort_keys(local.body), (Keys{"s2", "s1"})) << local.text;
  EXPECT_EQ(local.body.find("Items")->as_array()[0].find("y"), nullptr);
  const Answer whole = query("pk = :p", R"(},"IndexName":"by_at","Select":"ALL_ATTRIBUTES","Limit":1)");
  EXPECT_NE(whole.body.find("Items")->as_array()[0].find("y"), nullptr) << whole.text;

  const std::string by_day = R"({"TableName":"events","IndexName":"by_day","KeyConditionExpression":"#d = :d",
      "ExpressionAttributeNames":{"#d":"day"},"ExpressionAttributeValues":{":d":{"S":"monday"}})";
  const Answer global = call("Query", by_day + "}");
  EXPECT_EQ(sort_keys(global.body), (Keys{"s5", "s4", "s3", "s2", "s1"})) << global.text;
  EXPECT_NE(global.body.find("Items")->as_array()[0].find("x"), nullptr);
  EXPECT_EQ(global.body.find("Items")->as_array()[0].find("y"), nullptr);
  EXPECT_EQ(allowed_.asked[0].resource, "arn:aws:dynamodb:us-east-1:123456789012:table/events/index/by_day");
  EXPECT_EQ(allowed_.asked[0].context[0].second, std::vector<std::string>{"monday"});
  const Answer page = call("Query", by_day + R"(,"Limit":2})");
  const Answer next =
      call("Query", by_day + R"(,"ExclusiveStartKey":)" + json::write(*page.body.find("LastEvaluatedKey")) + "}");
  EXPECT_EQ(sort_keys(next.body), (Keys{"s3", "s2", "s1"})) << next.text;

  const std::string invalid = "One or more parameter values were invalid: ";
  expect_error("Query", by_day + R"(,"ConsistentRead":true})", "ValidationException",
               "Consistent reads are not supported on global secondary indexes");
  expect_error("Query", by_day + R"(,"Select":"ALL_ATTRIBUTES"})", "ValidationException",
               invalid +
                   "Select type ALL_ATTRIBUTES is not supported for global secondary index by_day because its "
                   "projection type is not ALL");
  expect_error("Query", R"({"TableName":"events"})", "ValidationException",
               "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  expect_error("Query", R"({"TableName":"events","KeyConditionExpression":"pk = :p","FilterExpression":"sk = :p",
      "ExpressionAttributeValues":{":p":{"S":"a"}}})",
               "ValidationException",
               "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk");
  expect_error("Query", R"({"TableName":"events","IndexName":"nothing","KeyConditionExpression":"pk = :p",
      "ExpressionAttributeValues":{":p":{"S":"a"}}})",
               "ValidationException", "The table does not have the specified index: nothing");
}

// Indexes follow their items: an entry moves, changes and goes with what it came from, and only items that have the
// index's keys are in it.
TEST_F(Room, IndexesFollow) {
  create_events();
  const std::string scan = R"({"TableName":"events","IndexName":"by_day"})";
  const auto count = [&] { return *call("Scan", scan).body.get_int64("Count"); };
  put(R"({"pk":{"S":"a"},"sk":{"S":"s"},"day":{"S":"monday"}})");
  EXPECT_EQ(count(), 0);
  put(R"({"pk":{"S":"a"},"sk":{"S":"s"},"day":{"S":"monday"},"at":{"N":"1"}})");
  EXPECT_EQ(count(), 1);
  put(R"({"pk":{"S":"a"},"sk":{"S":"s"},"day":{"S":"monday"},"at":{"N":"2"},"x":{"S":"new"}})");
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(call("Scan", scan).body.find("Items")->as_array()[0].find("x")->get_string("S"), "new");
  put(R"({"pk":{"S":"a"},"sk":{"S":"s"}})");
  EXPECT_EQ(count(), 0);
  put(R"({"pk":{"S":"a"},"sk":{"S":"s"},"day":{"S":"monday"},"at":{"N":"2"}})");
  call("DeleteItem", R"({"TableName":"events","Key":{"pk":{"S":"a"},"sk":{"S":"s"}}})");
  EXPECT_EQ(count(), 0);
  const json::Value table = *call("DescribeTable", R"({"TableName":"events"})").body.find("Table");
  EXPECT_EQ(table.get_int64("TableSizeBytes"), 0);
  EXPECT_EQ(table.find("GlobalSecondaryIndexes")->as_array()[0].get_int64("IndexSizeBytes"), 0);
}

// A scan's segments are disjoint and whole; a page ends after a megabyte.
TEST_F(Room, Scans) {
  create_events();
  for (int i = 0; i < 40; ++i) put(R"({"pk":{"S":"p)" + std::to_string(i) + R"("},"sk":{"S":"s"}})");
  std::int64_t total = 0;
  for (int segment = 0; segment < 7; ++segment) {
    total += *call("Scan", R"({"TableName":"events","TotalSegments":7,"Segment":)" + std::to_string(segment) + "}")
                  .body.get_int64("Count");
  }
  EXPECT_EQ(total, 40);
  for (int i = 0; i < 4; ++i) {
    put(R"({"pk":{"S":"big"},"sk":{"S":")" + std::to_string(i) + R"("},"v":{"S":")" + std::string(390'000, 'x') +
        R"("}})");
  }
  const std::string query = R"({"TableName":"events","KeyConditionExpression":"pk = :p","Select":"COUNT",
      "ExpressionAttributeValues":{":p":{"S":"big"}})";
  const json::Value page = call("Query", query + "}").body;
  EXPECT_EQ(page.get_int64("Count"), 3);
  const json::Value rest =
      call("Query", query + R"(,"ExclusiveStartKey":)" + json::write(*page.find("LastEvaluatedKey")) + "}").body;
  EXPECT_EQ(rest.get_int64("Count"), 1);
  EXPECT_EQ(rest.find("LastEvaluatedKey"), nullptr);
  expect_error("Scan", R"({"TableName":"events","Segment":1})", "ValidationException",
               "The TotalSegments parameter is required but was not present in the request when Segment parameter is "
               "present");
  expect_error("Scan", R"({"TableName":"events","Segment":1,"TotalSegments":1})", "ValidationException",
               "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 1 is not "
               "less than TotalSegments: 1");
}

// Batches of writes and reads, and what is refused whole.
TEST_F(Room, Batches) {
  create_events();
  const std::string one = R"({"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"at":{"N":"1"}}}})";
  const std::string two = R"({"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"S":"2"}}}})";
  expect(
      "BatchWriteItem",
      R"({"RequestItems":{"events":[)" + one + "," + two + R"(]},"ReturnConsumedCapacity":"INDEXES"})",
      R"({"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"events","CapacityUnits":3,"Table":{"CapacityUnits":2},
             "LocalSecondaryIndexes":{"by_at":{"CapacityUnits":1}}}]})");
  EXPECT_EQ(item_count(), 2);
  expect("BatchGetItem", R"({"RequestItems":{"events":{"ProjectionExpression":"sk","Keys":[
      {"pk":{"S":"a"},"sk":{"S":"2"}},{"pk":{"S":"a"},"sk":{"S":"9"}},{"pk":{"S":"a"},"sk":{"S":"1"}}]}}})",
         R"({"Responses":{"events":[{"sk":{"S":"2"}},{"sk":{"S":"1"}}]},"UnprocessedKeys":{}})");
  expect_error("BatchWriteItem", R"({"RequestItems":{"events":[)" + one + "," + one + "]}}", "ValidationException",
               "Provided list of item keys contains duplicates");
  std::string many = two;
  for (int i = 0; i < 25; ++i) many += "," + two;
  expect_error("BatchWriteItem", R"({"RequestItems":{"events":[)" + many + "]}}", "ValidationException",
               "Too many items requested for the BatchWriteItem call");
  expect("BatchWriteItem", R"({"RequestItems":{"events":[{"DeleteRequest":{"Key":{"pk":{"S":"a"},"sk":{"S":"1"}}}}]}})",
         R"({"UnprocessedItems":{}})");
  EXPECT_EQ(item_count(), 1);
}

// INSERT stores an item once; each statement of a batch succeeds or fails by itself.
TEST_F(Room, Inserts) {
  create_events();
  const std::string insert = R"("Statement":"INSERT INTO \"events\" VALUE {'pk': ?, 'sk': ?, 'n': 1}","Parameters":)";
  const auto statement = [&](const std::string& sk) { return "{" + insert + R"([{"S":"a"},{"S":")" + sk + R"("}]})"; };
  expect("ExecuteStatement", statement("1"), R"({"Items":[]})");
  EXPECT_EQ(allowed_.asked[0].action, "dynamodb:PartiQLInsert");
  EXPECT_EQ(allowed_.asked[0].context[0].second, std::vector<std::string>{"a"});
  expect_error("ExecuteStatement", statement("1"), "DuplicateItemException", "Duplicate primary key exists in table");
  expect("BatchExecuteStatement",
         R"({"Statements":[)" + statement("1") + "," + statement("2") + "," + statement("2") + R"(,
             {"Statement":"INSERT INTO \"nothing\" VALUE {'pk':'a'}"}, {"Statement":"UPDATE \"events\" SET x = 1"}]})",
         R"({"Responses":[
             {"Error":{"Code":"DuplicateItem","Message":"Duplicate primary key exists in table"},"TableName":"events"},
             {"TableName":"events"},
             {"Error":{"Code":"DuplicateItem","Message":"Duplicate primary key exists in table"},"TableName":"events"},
             {"Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"},"TableName":"nothing"},
             {"Error":{"Code":"ValidationError","Message":"Unsupported operation: UPDATE statements are not supported; INSERT and SELECT are"}}]})");
  EXPECT_EQ(item_count(), 2);
  expect_error("ExecuteStatement", R"({"Statement":"DELETE FROM \"events\" WHERE pk = 'a'"})", "ValidationException",
               "Unsupported operation: DELETE statements are not supported; INSERT and SELECT are");
  expect_error("ExecuteStatement", R"({"Statement":"INSERT INTO \"events\" VALUE {'pk': ?}"})", "ValidationException",
               "Number of parameters in request and statement don't match.");
  expect(
      "ExecuteStatement",
      R"({"Statement":"INSERT INTO events VALUE {'pk':'it''s','sk':'x','m':{'l':[1,-2.5,true,null]},'s':<<'b','a'>>}"})",
      R"({"Items":[]})");
  expect("GetItem", R"({"TableName":"events","Key":{"pk":{"S":"it's"},"sk":{"S":"x"}}})",
         R"({"Item":{"pk":{"S":"it's"},"sk":{"S":"x"},"s":{"SS":["a","b"]},
             "m":{"M":{"l":{"L":[{"N":"1"},{"N":"-2.5"},{"BOOL":true},{"NULL":true}]}}}}})");
}

// SELECT by keys, by any condition, from an index, page by page.
TEST_F(Room, Selects) {
  create_events();
  put_five();
  put(R"({"pk":{"S":"b"},"sk":{"S":"s9"},"x":{"N":"9"}})");
  const auto select = [&](const std::string& text, const std::string& rest = "") {
    return call("ExecuteStatement", R"({"Statement":")" + text + "\"" + rest + "}");
  };
  using Keys = std::vector<std::string>;
  const std::pair<std::string, Keys> cases[] = {
      {R"(SELECT * FROM \"events\" WHERE pk = 'a')", {"s1", "s2", "s3", "s4", "s5"}},
      {R"(SELECT sk FROM events WHERE pk = 'a' AND sk >= 's4')", {"s4", "s5"}},
      {R"(SELECT sk FROM events WHERE pk = 'a' AND sk BETWEEN 's2' AND 's3')", {"s2", "s3"}},
      {R"(SELECT sk FROM events WHERE pk = 'a' AND begins_with(sk, 's') AND x > 3 ORDER BY sk DESC)", {"s5", "s4"}},
      {R"(SELECT sk FROM events WHERE pk IN ['b','a'] AND x <> 2 AND x IN (1, 2, 9))", {"s9", "s1"}},
      {R"(SELECT sk FROM events WHERE x = 9 OR x = 10)", {"s9"}},
      {R"(SELECT sk FROM \"events\".\"by_day\" WHERE \"day\" = 'monday' AND \"at\" > 7)", {"s2", "s1"}},
      {R"(SELECT sk FROM events WHERE pk = 'b' AND \"day\" IS MISSING)", {"s9"}},
      {R"(SELECT sk FROM events WHERE pk = 'a' AND NOT (x < 5 OR size(y) < 2))", {"s5"}},
  };
  for (const auto& [text, keys] : cases) {
    const Answer answer = select(text);
    ASSERT_EQ(answer.status, 200) << text << answer.text;
    EXPECT_EQ(sort_keys(answer.body), keys) << text;
  }
  EXPECT_EQ(
      sort_keys(
          select("SELECT sk FROM events WHERE pk = ? AND sk = ?", R"(,"Parameters":[{"S":"a"},{"S":"s2"}])").body),
      Keys{"s2"});
  EXPECT_EQ(allowed_.asked[0].action, "dynamodb:PartiQLSelect");

  Keys seen;
  std::string token;
  for (int page = 0; page < 9; ++page) {
    const Answer answer = select("SELECT sk FROM events WHERE pk IN ['a','b']", R"(,"Limit":2)" + token);
    for (const std::string& key : sort_keys(answer.body)) seen.push_back(key);
    const auto next = answer.body.get_string("NextToken");
    if (!next) break;
    token = R"(,"NextToken":")" + std::string(*next) + "\"";
  }
  EXPECT_EQ(seen, (Keys{"s1", "s2", "s3", "s4", "s5", "s9"}));

  for (const auto& [text, message] : std::initializer_list<std::pair<std::string, std::string>>{
           {"SELECT * FROM events ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."},
           {"SELECT * FROM events WHERE x = 1 ORDER BY sk",
            "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."},
           {"SELECT * FROM events WHERE pk = 'a' ORDER BY x",
            "Variable reference x in ORDER BY clause must be part of the primary key"},
           {"SELECT * FROM events LIMIT 1",
            "Statement wasn't well formed, can't be processed: Unexpected token 'LIMIT' at character 22"}}) {
    expect_error("ExecuteStatement", R"({"Statement":")" + text + "\"}", "ValidationException", message);
  }
  expect("BatchExecuteStatement", R"({"Statements":[
      {"Statement":"SELECT x FROM events WHERE pk = 'a' AND sk = 's1'"},{"Statement":"SELECT * FROM events WHERE pk = 'a'"}]})",
         R"({"Responses":[{"TableName":"events","Item":{"x":{"N":"1"}}},
             {"TableName":"events","Error":{"Code":"ValidationError","Message":
              "Select statements within BatchExecuteStatement must specify the primary key in the where clause."}}]})");
}

// Expired items go at the sweep, those from before the setting too; what was renewed, moved far into the past or freed
// from expiry stays.
TEST_F(Room, Expiry) {
  create_events();
  const std::int64_t now = base::to_unix_s(clock_.now());
  const auto put_expiring = [&](const std::string& sk, std::int64_t at) {
    put(R"({"pk":{"S":"a"},"sk":{"S":")" + sk + R"("},"ttl":{"N":")" + std::to_string(at) + R"("}})");
  };
  put_expiring("old", now + 10);
  const std::string enable =
      R"({"TableName":"events","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})";
  expect("UpdateTimeToLive", enable, R"({"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})");
  expect_error("UpdateTimeToLive", enable, "ValidationException", "TimeToLive is already enabled");
  expect("DescribeTimeToLive", R"({"TableName":"events"})",
         R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})");
  put_expiring("new", now + 20);
  put_expiring("renewed", now + 10);
  put_expiring("renewed", now + 1000);
  put_expiring("ancient", now - 6 * 365 * 86400LL);
  const auto sweep_all = [&] {
    while (wait_for(sweep(room_))) continue;
  };
  sweep_all();
  EXPECT_EQ(item_count(), 4);
  clock_.advance(std::chrono::seconds(30));
  sweep_all();
  EXPECT_EQ(item_count(), 2);
  expect("UpdateTimeToLive",
         R"({"TableName":"events","TimeToLiveSpecification":{"Enabled":false,"AttributeName":"ttl"}})",
         R"({"TimeToLiveSpecification":{"Enabled":false,"AttributeName":"ttl"}})");
  clock_.advance(std::chrono::hours(1));
  sweep_all();
  EXPECT_EQ(item_count(), 2);
}

// Settings that are recorded: backups, tags, protection.
TEST_F(Room, Settings) {
  create_events();
  const Answer backups = call("UpdateContinuousBackups", R"({"TableName":"events",
      "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})");
  EXPECT_EQ(backups.status, 200) << backups.text;
  const json::Value described =
      *call("DescribeContinuousBackups", R"({"TableName":"events"})").body.find("ContinuousBackupsDescription");
  EXPECT_EQ(described.find("PointInTimeRecoveryDescription")->get_string("PointInTimeRecoveryStatus"), "ENABLED");
  expect_error("DescribeContinuousBackups", R"({"TableName":"nothing"})", "TableNotFoundException",
               "Table not found: nothing");
  const std::string arn = R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:123456789012:table/events")";
  EXPECT_EQ(call("TagResource", arn + R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})").status, 200);
  EXPECT_EQ(call("UntagResource", arn + R"(,"TagKeys":["a"]})").status, 200);
  expect("ListTagsOfResource", arn + "}", R"({"Tags":[{"Key":"b","Value":"2"}]})");
  EXPECT_EQ(call("CreateTable", R"({"TableName":"safe","BillingMode":"PAY_PER_REQUEST","DeletionProtectionEnabled":true,
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"B"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})")
                .status,
            200);
  expect_error("DeleteTable", R"({"TableName":"safe"})", "ValidationException",
               "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
               "first.");
}

}  // namespace
}  // namespace localcloud::dynamodb
