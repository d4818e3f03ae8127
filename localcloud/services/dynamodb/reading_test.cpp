// The room whole: queries, scans and PartiQL statements.

#include "localcloud/services/dynamodb/room_for_tests.hpp"

namespace localcloud::dynamodb {
namespace {

using Room = RoomForTests;

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

}  // namespace
}  // namespace localcloud::dynamodb
