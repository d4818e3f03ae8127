// Expressions: what they mean on an item, and every error in AWS's words.

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/expressions/key_condition.hpp"
#include "localcloud/services/dynamodb/expressions/projection.hpp"
#include "localcloud/services/dynamodb/expressions/reserved_words.hpp"
#include "localcloud/services/dynamodb/expressions/update.hpp"

namespace localcloud::dynamodb {
namespace {

ItemInput input(std::string_view text) {
  const auto json = json::parse(text);
  EXPECT_TRUE(json) << text;
  Result<ItemInput> read = item_from_json(*json);
  EXPECT_TRUE(read) << text;
  return std::move(*read);
}
Item item(std::string_view text) {
  return input(text).item;
}
std::string written(const Item& item) {
  std::string out;
  write_json(out, item);
  return out;
}

const std::optional<Names> kNames = Names{{"#s", "status"}, {"#d", "a.b"}, {"#m", "m"}};
const std::optional<ItemInput> kValues = input(
    R"({":s":{"S":"abc"},":t":{"S":"b"},":n":{"N":"5"},":z":{"N":"10"},":b":{"B":"YWI="},":true":{"BOOL":true},
        ":null":{"NULL":true},":l":{"L":[{"S":"x"}]},":m":{"M":{}},":ss":{"SS":["b","c"]},":ns":{"NS":["2"]},
        ":type":{"S":"N"},":bad":{"S":"X"},":empty":{"S":""}})");

const Item kItem = item(
    R"({"pk":{"S":"p"},"s":{"S":"abcdef"},"n":{"N":"5.0"},"status":{"S":"abc"},"a.b":{"N":"1"},
        "bin":{"B":"YWJj"},"ss":{"SS":["a","b"]},"ns":{"NS":["2","3"]},"yes":{"BOOL":true},"nil":{"NULL":true},
        "l":{"L":[{"S":"x"},{"N":"5"},{"M":{"k":{"S":"deep"}}}]},"m":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"S":"q"}}}}}})");

Substitutions substitutions() {
  return *Substitutions::check(kNames, kValues, "");
}

// What holds and what doesn't, on one item.
TEST(Condition, Holds) {
  const std::pair<std::string_view, bool> cases[] = {
      {"s = :s", false},
      {"#s = :s", true},
      {"#s <> :s", false},
      {"n = :n", true},
      {"n <> :s", true},
      {"gone = :n", false},
      {"gone <> :n", true},
      {"n < :z", true},
      {"n <= :n", true},
      {"n > :n", false},
      {"n >= :n", true},
      {":z > n", true},
      {"s > :s", true},
      {"s < :n", false},
      {"bin > :b", true},
      {"#d < :n", true},
      {"n BETWEEN :n AND :z", true},
      {"n between #d and :n", true},
      {"n BETWEEN :z AND gone", false},
      {"n IN (:s, :n)", true},
      {"n in (:s, :t)", false},
      {"m.x < n", true},
      {"m.y.z = :t", false},
      {"#m.y.z > :t", true},
      {"l[0] = :s", false},
      {"l[1] = :n", true},
      {"l[2].k > :t", true},
      {"l[9] = :n", false},
      {"l = :l", false},
      {"attribute_exists(s)", true},
      {"attribute_exists(m.y.z)", true},
      {"attribute_exists(m.y.w)", false},
      {"attribute_not_exists(l[3])", true},
      {"attribute_type(n, :type)", true},
      {"attribute_type(s, :type)", false},
      {"begins_with(s, :s)", true},
      {"begins_with(s, :t)", false},
      {"begins_with(bin, :b)", true},
      {"begins_with(n, :s)", false},
      {"contains(s, :t)", true},
      {"contains(ss, :t)", true},
      {"contains(ss, :s)", false},
      {"contains(ns, :n)", false},
      {"contains(l, :n)", true},
      {"contains(bin, :b)", true},
      {"contains(:s, :t)", true},
      {"size(s) > :n", true},
      {"size(l) < :n", true},
      {"size(n) < :n", false},
      {"size(m) = size(ss)", true},
      {"size(:s) < :n", true},
      {"NOT n = :n", false},
      {"not not n = :n", true},
      {"n = :z OR n = :n AND s = :s", false},
      {"(n = :z OR n = :n) AND yes = :true", true},
      {"n = :n OR n = :z AND s = :s", true},
      {"NOT n = :z AND nil = :null", true},
      {"NOT (n = :z AND nil = :null)", true},
      {"(n) = :n", true},
      {"yes = :true", true},
      {"nil = :null", true},
  };
  for (const auto& [text, holds] : cases) {
    Substitutions names = substitutions();
    const Result<Condition> condition = parse_condition(text, "FilterExpression", names);
    ASSERT_TRUE(condition) << text << ": " << condition.error().message;
    EXPECT_EQ(condition->holds_for(kItem), holds) << text;
  }
}

// What AWS refuses, in its words; a syntax error comes before all others.
TEST(Condition, Refuses) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "The expression can not be empty;"},
      {"  ", "The expression can not be empty;"},
      {"fee fi fo fum", R"(Syntax error; token: "fi", near: "fee fi fo")"},
      {"a =", R"(Syntax error; token: "<EOF>", near: "=")"},
      {"a = :s AND", R"(Syntax error; token: "<EOF>", near: "AND")"},
      {"a = = :s", R"(Syntax error; token: "=", near: "= = :s")"},
      {"a @ :s", R"(Syntax error; token: "@", near: "a @ :s")"},
      {"AND a = :s", R"(Syntax error; token: "AND", near: "AND a")"},
      {"a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"(a = :s", R"(Syntax error; token: "<EOF>", near: ":s")"},
      {"a = :s)", "Syntax error; token: \")\", near: \":s)\""},
      {"a[x] = :s", R"(Syntax error; token: "x", near: "[x]")"},
      {"(a = :s) = :t", "Syntax error; token: \"=\", near: \") = :t\""},
      {"abort = :s", "Attribute name is a reserved keyword; reserved keyword: abort"},
      {"a.Status = :s", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"abort = :s AND", R"(Syntax error; token: "<EOF>", near: "AND")"},
      {"#x = :s", "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a = :x", "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"foo(a)", "Invalid function name; function: foo"},
      {"abort = :s AND foo(a)", "Invalid function name; function: foo"},
      {"size(a)", "The function is not allowed to be used this way in an expression; function: size"},
      {"a = begins_with(a, :s)",
       "The function is not allowed to be used this way in an expression; function: begins_with"},
      {"if_not_exists(a, :s)", "The function is not allowed in a condition expression; function: if_not_exists"},
      {"((a = :s))", "The expression has redundant parentheses"},
      {"attribute_exists(a, b)",
       "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of "
       "operands: 2"},
      {"attribute_exists(:s)", "Operator or function requires a document path; operator or function: attribute_exists"},
      {"begins_with(a, :n)",
       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"},
      {"a < :true", "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"},
      {"size(:n) = :n", "Incorrect operand type for operator or function; operator or function: size, operand type: N"},
      {"attribute_type(a, :bad)",
       "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"a = a",
       "The first operand must be distinct from the remaining operands for this operator or function; operator: =, "
       "first operand: [a]"},
      {"a BETWEEN :z AND :n",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
       "AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:5}"},
      {"a BETWEEN :s AND :n",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: "
       "{S:abc}, upper bound operand: AttributeValue: {N:5}"},
  };
  for (const auto& [text, message] : cases) {
    Substitutions names = substitutions();
    const Result<Condition> condition = parse_condition(text, "ConditionExpression", names);
    ASSERT_FALSE(condition) << text;
    EXPECT_EQ(condition.error().message, "Invalid ConditionExpression: " + message) << text;
    EXPECT_EQ(condition.error().code, "ValidationException");
  }
}

// 4 KB, 300 operators, 100 operands of IN, and parentheses without end.
TEST(Condition, Limits) {
  Substitutions names = substitutions();
  const auto error = [&](const std::string& text) {
    const Result<Condition> condition = parse_condition(text, "FilterExpression", names);
    return condition ? std::string() : condition.error().message;
  };
  std::string chain = "n=:n";
  for (int i = 0; i < 149; ++i) chain += " OR n=:n";
  EXPECT_EQ(error(chain), "");
  EXPECT_EQ(error(chain + " OR n=:n"),
            "Invalid FilterExpression: The expression contains too many operators; operator count: 301");
  EXPECT_EQ(error(std::string(4097, 'a')),
            "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 4097");
  std::string in = "n IN (:n";
  for (int i = 0; i < 99; ++i) in += ",:n";
  EXPECT_EQ(error(in + ")"), "");
  EXPECT_EQ(error(in + ",:n)"),
            "Invalid FilterExpression: The IN operator is provided with too many operands; number of operands: 101");
  EXPECT_FALSE(error(std::string(2000, '(') + "n=:n" + std::string(2000, ')')).empty());
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  EXPECT_FALSE(error(nots + "n=:n").empty());
}

// Names and values: their form, and that every one is used.
TEST(Substitutions, Refuses) {
  const auto error = [](std::optional<Names> names, std::optional<ItemInput> values, std::string_view absent) {
    Result<Substitutions> checked = Substitutions::check(names, values, absent);
    if (!checked) return checked.error().message;
    const Result<Condition> condition = parse_condition("a = :a", "ConditionExpression", *checked);
    const Result<Done> used = checked->check_all_used();
    return used ? std::string() : used.error().message;
  };
  const ItemInput good = input(R"({":a":{"S":"x"}})");
  EXPECT_EQ(error({}, good, ""), "");
  EXPECT_EQ(error(Names{}, good, ""), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(error(Names{{"a", "b"}}, good, ""),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"");
  EXPECT_EQ(error(Names{{"#a", "b"}, {"#b", "c"}}, good, ""),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}");
  EXPECT_EQ(error({}, input("{}"), ""), "ExpressionAttributeValues must not be empty");
  EXPECT_EQ(error({}, input(R"({"a":{"S":"x"}})"), ""),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \"a\"");
  EXPECT_EQ(error({}, input(R"({":a":{"N":"x"}})"), ""),
            "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x "
            "for key :a");
  EXPECT_EQ(error({}, input(R"({":a":{"S":"x"},":b":{"S":"x"}})"), ""),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}");
  EXPECT_EQ(error(Names{{"#a", "b"}}, {}, "ConditionExpression is null"),
            "ExpressionAttributeNames can only be specified when using expressions");
  EXPECT_EQ(error({}, good, "ConditionExpression is null"),
            "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null");
}

// Projections keep the maps and lists around what they name, and refuse paths that meet.
TEST(Projection, Projects) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"n", R"({"n":{"N":"5"}})"},
      {"n, gone, pk", R"({"n":{"N":"5"},"pk":{"S":"p"}})"},
      {"m.y.z", R"({"m":{"M":{"y":{"M":{"z":{"S":"q"}}}}}})"},
      {"m.x, m.y.z", R"({"m":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"S":"q"}}}}}})"},
      {"l[1], l[0]", R"({"l":{"L":[{"S":"x"},{"N":"5"}]}})"},
      {"l[2].k, l[7]", R"({"l":{"L":[{"M":{"k":{"S":"deep"}}}]}})"},
      {"m.gone, n.x, l[8]", "{}"},
      {"#d", R"({"a.b":{"N":"1"}})"},
  };
  for (const auto& [text, projected] : cases) {
    Substitutions names = substitutions();
    const Result<std::vector<Path>> paths = parse_projection(text, names);
    ASSERT_TRUE(paths) << text << paths.error().message;
    EXPECT_EQ(written(project(kItem, *paths)), projected) << text;
  }
  const std::pair<std::string_view, std::string_view> refused[] = {
      {"a, a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], "
       "path two: [a]"},
      {"a.b.c, x, a.b",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path "
       "one: [a, b, c], path two: [a, b]"},
      {"a.b, a[1]",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: "
       "[a, b], path two: [a, [1]]"},
      {"a,", "Syntax error; token: \"<EOF>\", near: \",\""},
      {"a[99999999999]", "List index is not within the allowable range; index: [99999999999]"},
  };
  for (const auto& [text, message] : refused) {
    Substitutions names = substitutions();
    const Result<std::vector<Path>> paths = parse_projection(text, names);
    ASSERT_FALSE(paths) << text;
    EXPECT_EQ(paths.error().message, "Invalid ProjectionExpression: " + std::string(message));
  }
}

// Updates on an item, each value taken from the item as it was.
TEST(Update, Applies) {
  const std::string_view before =
      R"({"n":{"N":"5"},"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]},"m":{"M":{"x":{"N":"1"}}},"ss":{"SS":["a","b"]}})";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"SET a = :s REMOVE l, m, ss", R"({"a":{"S":"abc"},"n":{"N":"5"}})"},
      {"SET n = n + :n REMOVE l, m, ss", R"({"n":{"N":"10"}})"},
      {"SET n = :z - n REMOVE l, m, ss", R"({"n":{"N":"5"}})"},
      {"SET a = n, n = :z REMOVE l, m, ss", R"({"a":{"N":"5"},"n":{"N":"10"}})"},
      {"SET a = if_not_exists(a, :n), n = if_not_exists(n, :z) REMOVE l,m,ss", R"({"a":{"N":"5"},"n":{"N":"5"}})"},
      {"SET c = if_not_exists(c, :n) + :n REMOVE l,m,ss", R"({"c":{"N":"10"},"n":{"N":"5"}})"},
      {"SET l = list_append(l, :l) REMOVE n, m, ss", R"({"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"S":"x"}]}})"},
      {"SET q = list_append(if_not_exists(q, :l), :l) REMOVE l, n, m, ss", R"({"q":{"L":[{"S":"x"},{"S":"x"}]}})"},
      {"SET l[1] = :s, l[9] = :n, l[7] = :z REMOVE n, m, ss, l[0]",
       R"({"l":{"L":[{"S":"abc"},{"N":"2"},{"N":"10"},{"N":"5"}]}})"},
      {"REMOVE l[0], l[2], n, m, ss, gone", R"({"l":{"L":[{"N":"1"}]}})"},
      {"SET m.y = :s, m.x = m.x + :n REMOVE n, l, ss", R"({"m":{"M":{"x":{"N":"6"},"y":{"S":"abc"}}}})"},
      {"ADD n :n, c :z REMOVE l, m, ss", R"({"c":{"N":"10"},"n":{"N":"10"}})"},
      {"ADD ss :ss, nn :ns REMOVE l, m, n", R"({"nn":{"NS":["2"]},"ss":{"SS":["a","b","c"]}})"},
      {"DELETE ss :ss REMOVE l, m, n", R"({"ss":{"SS":["a"]}})"},
      {"delete gone :ss remove l, m, n, ss", "{}"},
      {"SET a = (n + :n) REMOVE l, m, n, ss", R"({"a":{"N":"10"}})"},
  };
  for (const auto& [text, after] : cases) {
    Substitutions names = substitutions();
    const Result<Update> update = parse_update(text, names);
    ASSERT_TRUE(update) << text << update.error().message;
    Item changed = item(before);
    const Result<Done> done = update->apply(changed);
    ASSERT_TRUE(done) << text << done.error().message;
    EXPECT_EQ(written(changed), after) << text;
  }
  Substitutions names = substitutions();
  Item two = item(R"({"ss":{"SS":["b","c"]}})");
  ASSERT_TRUE(parse_update("DELETE ss :ss", names)->apply(two));
  EXPECT_TRUE(two.empty());
}

// What the text gives away, and what only the item shows.
TEST(Update, Refuses) {
  const std::pair<std::string, std::string> texts[] = {
      {"", "The expression can not be empty;"},
      {"a = :s", R"(Syntax error; token: "a", near: "a =")"},
      {"SET a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"SET a = :s b = :t", R"(Syntax error; token: "b", near: ":s b =")"},
      {"SET a = :s SET b = :t", R"(The "SET" section can only be used once in an update expression;)"},
      {"SET a = n + n + n", R"(Syntax error; token: "+", near: "n + n")"},
      {"ADD a b", R"(Syntax error; token: "b", near: "a b")"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET a = foo(b)", "Invalid function name; function: foo"},
      {"SET abort = :s", "Attribute name is a reserved keyword; reserved keyword: abort"},
      {"SET a = list_append(:l)",
       "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: "
       "1"},
      {"SET a = if_not_exists(:s, :s)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = b + :s", "Incorrect operand type for operator or function; operator or function: +, operand type: S"},
      {"SET a = list_append(a, :s)",
       "Incorrect operand type for operator or function; operator or function: list_append, operand type: S"},
      {"ADD a :s",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: "
       "ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :n",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: "
       "ALLOWED_FOR_DELETE_OPERAND"},
      {"SET a = :s REMOVE a.b",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path "
       "two: [a, b]"},
      {"SET a[1] = :s, a.b = :s",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [1]], "
       "path two: [a, b]"},
  };
  for (const auto& [text, message] : texts) {
    Substitutions names = substitutions();
    const Result<Update> update = parse_update(text, names);
    ASSERT_FALSE(update) << text;
    EXPECT_EQ(update.error().message, "Invalid UpdateExpression: " + message) << text;
  }
  const std::string_view no_attribute =
      "The provided expression refers to an attribute that does not exist in the item";
  const std::string_view no_path = "The document path provided in the update expression is invalid for update";
  const std::string_view wrong_type = "An operand in the update expression has an incorrect data type";
  const std::pair<std::string_view, std::string_view> items[] = {
      {"SET a = gone", no_attribute}, {"SET a = gone + :n", no_attribute},
      {"SET gone.a = :n", no_path},   {"SET n.a = :n", no_path},
      {"SET m[0] = :n", no_path},     {"REMOVE gone.a", no_path},
      {"SET a = s + :n", wrong_type}, {"SET a = list_append(s, :l)", wrong_type},
      {"ADD s :n", wrong_type},       {"ADD ss :ns", wrong_type},
      {"DELETE n :ss", wrong_type},
  };
  for (const auto& [text, message] : items) {
    Substitutions names = substitutions();
    const Result<Update> update = parse_update(text, names);
    ASSERT_TRUE(update) << text << update.error().message;
    Item changed = kItem;
    const Result<Done> done = update->apply(changed);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().message, message) << text;
  }
}

// A value put into itself again and again stops at 32 levels.
TEST(Update, LimitsNesting) {
  Substitutions names = substitutions();
  const Update update = *parse_update("SET m.again = m", names);
  Item changed = item(R"({"m":{"M":{}}})");
  int rounds = 0;
  while (rounds < 100 && update.apply(changed)) ++rounds;
  EXPECT_EQ(rounds, 31);
}

// The keys of queries, and what can't be one.
TEST(KeyCondition, Reads) {
  const KeySchema schema{{"pk", Type::s}, KeyAttribute{"sk", Type::n}};
  const auto read = [&](std::string_view text) -> Result<KeyCondition> {
    Substitutions names = substitutions();
    return read_key_condition(TRY(parse_condition(text, "KeyConditionExpression", names)), schema);
  };
  EXPECT_EQ(read("pk = :s")->hash, AttributeValue("abc"));
  EXPECT_FALSE(read("pk = :s")->range);
  EXPECT_EQ(read(":s = pk AND sk < :n")->range->op, Operator::less);
  EXPECT_EQ(read("sk >= :n AND pk = :s")->range->value, AttributeValue(5));
  EXPECT_EQ(read("pk = :s AND :n <= sk")->range->op, Operator::greater_equal);
  EXPECT_EQ(read("(pk = :s) AND (sk BETWEEN :n AND :z)")->range->upper, AttributeValue(10));
  const std::string invalid = "One or more parameter values were invalid: ";
  const std::pair<std::string_view, std::string> refused[] = {
      {"sk = :n", "Query condition missed key schema element: pk"},
      {"pk = :s AND x = :n", "Query condition missed key schema element: sk"},
      {"pk < :s", "Query key condition not supported"},
      {"pk = :s AND begins_with(sk, :s)", invalid + "Condition parameter type does not match schema type"},
      {"pk = :n", invalid + "Condition parameter type does not match schema type"},
      {"pk = :s AND sk <> :n", "Invalid operator used in KeyConditionExpression: <>"},
      {"pk = :s OR sk = :n", "Invalid operator used in KeyConditionExpression: OR"},
      {"pk = :s AND NOT sk = :n", "Invalid operator used in KeyConditionExpression: NOT"},
      {"pk IN (:s)", "Invalid operator used in KeyConditionExpression: IN"},
      {"attribute_exists(pk)", "Invalid operator used in KeyConditionExpression: attribute_exists"},
      {"pk = :s AND pk = :t", "KeyConditionExpressions must only contain one condition per key"},
      {"pk.a = :s", "KeyConditionExpressions cannot have conditions on nested attributes"},
      {"pk = sk", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
      {"pk = :empty",
       "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
       "contain an empty string value. Key: pk"},
  };
  for (const auto& [text, message] : refused) {
    const Result<KeyCondition> keys = read(text);
    ASSERT_FALSE(keys) << text;
    EXPECT_EQ(keys.error().message, message) << text;
  }
}

// The words AWS keeps for itself, in any case.
TEST(ReservedWords, AreKnown) {
  for (const char* word : {"ABORT", "zone", "Status", "LOCALTIMESTAMP", "ttl"}) EXPECT_TRUE(is_reserved(word));
  for (const char* word : {"", "pk", "abortion", "aVeryLongAttributeName"}) EXPECT_FALSE(is_reserved(word));
}

}  // namespace
}  // namespace localcloud::dynamodb
