// The room whole: tables, items, their indexes and settings, expiry, and what requests must be allowed.

#include "localcloud/services/dynamodb/room_for_tests.hpp"

namespace localcloud::dynamodb {
namespace {

using Room = RoomForTests;

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
  EXPECT_EQ(call("UpdateTable", R"({"TableName":"safe","DeletionProtectionEnabled":false})").status, 200);
  EXPECT_EQ(call("UpdateTable", R"({"TableName":"safe","BillingMode":"PROVISIONED",
      "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2}})")
                .status,
            200);
  EXPECT_EQ(call("DeleteTable", R"({"TableName":"safe"})").status, 200);
}

}  // namespace
}  // namespace localcloud::dynamodb
