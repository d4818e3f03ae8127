// Paths, filters and intrinsic functions: what they select and what they refuse.

#include "localcloud/services/stepfunctions/asl/expression.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

struct PlainEnvironment final : Environment {
  mutable Random random_{7};
  json::Value variable_ = json::Value(json::Array{1, 2});

  json::Value context() const override { return json::Object{{"Execution", json::Object{{"Name", "run"}}}}; }
  const json::Value* variable(const std::string& name) const override { return name == "x" ? &variable_ : nullptr; }
  Random& random() const override { return random_; }
  Failure runtime_error(const std::string& cause) const override { return {"States.Runtime", cause}; }
};

constexpr std::string_view kStore = R"({"store": {"book": [
  {"category": "reference", "title": "A", "price": 8.95}, {"category": "fiction", "title": "B", "price": 12.99},
  {"category": "fiction", "title": "C", "price": 8.99, "isbn": "1"}], "bicycle": {"color": "red", "price": 19.95}}, "a b": 1, "list": [0, 1, 2, 3, 4]})";

std::string evaluate(std::string_view text) {
  const auto expression = Expression::parse(text);
  if (!expression) return "malformed";
  const PlainEnvironment environment;
  const auto value = expression->evaluate(*json::parse(kStore), environment, "field");
  return value ? json::write(*value) : "failed";
}

struct Case {
  std::string_view expression, expected;
};

// Paths of every kind select what JSONPath says; definite ones that lead nowhere fail, others select nothing.
TEST(Path, Selects) {
  const Case cases[] = {
      {"$['a b']", "1"},
      {"$.store.bicycle.color", R"("red")"},
      {"$.store.book[0].title", R"("A")"},
      {"$.store.book[-1].title", R"("C")"},
      {"$.store.book[*].title", R"(["A","B","C"])"},
      {"$.store.book[0,2].title", R"(["A","C"])"},
      {"$.list[1:3]", "[1,2]"},
      {"$.list[-2:]", "[3,4]"},
      {"$.list[::2]", "[0,2,4]"},
      {"$..price", "[8.95,12.99,8.99,19.95]"},
      {"$.store.book[?(@.price < 9)].title", R"(["A","C"])"},
      {"$.store.book[?(@.isbn)].title", R"(["C"])"},
      {"$.store.book[?(@.category == 'fiction' && @.price > 10)].title", R"(["B"])"},
      {"$.store.book[?(!(@.category == 'fiction'))].title", R"(["A"])"},
      {"$.store.book[?(@.title in ['A', 'B'])].title", R"(["A","B"])"},
      {"$.store.book[?(@.category == fiction)].title", R"(["B","C"])"},
      {"$.store.book.length()", "3"},
      {"$.list.sum()", "10"},
      {"$.list.max()", "4"},
      {"$.missing[*]", "[]"},
      {"$.missing", "failed"},
      {"$.list[9]", "failed"},
      {"$$.Execution.Name", R"("run")"},
      {"$x[1]", "2"},
      {"$y", "failed"},
      {"$.", "malformed"},
      {"$.a[", "malformed"},
      {"$.a[?(@.b ==)]", "malformed"},
      {"bug$.a", "malformed"},
      {"$.a[1", "malformed"},
  };
  for (const Case& one : cases) EXPECT_EQ(evaluate(one.expression), one.expected) << one.expression;
}

// The functions do what AWS documents, nest, and refuse literals of the wrong kind when they are read.
TEST(Intrinsics, Evaluate) {
  const Case cases[] = {
      {"States.Format('Hello, {} and {}', $.store.bicycle.color, 2)", R"("Hello, red and 2")"},
      {"States.Format('\\{\\} it\\'s')", R"("{} it's")"},
      {"States.Format('{}')", "failed"},
      {"States.StringToJson('{\"a\":[1]}')", R"({"a":[1]})"},
      {"States.StringToJson('{')", "failed"},
      {"States.JsonToString($.list)", R"("[0,1,2,3,4]")"},
      {"States.Array(1, 'a', $.list[0], null)", R"([1,"a",0,null])"},
      {"States.ArrayPartition($.list, 2)", "[[0,1],[2,3],[4]]"},
      {"States.ArrayPartition($.list, 0)", "failed"},
      {"States.ArrayContains($.list, 3)", "true"},
      {"States.ArrayRange(9, 1, -4)", "[9,5,1]"},
      {"States.ArrayRange(1, 2000, 1)", "failed"},
      {"States.ArrayRange(1, 2, 0)", "failed"},
      {"States.ArrayGetItem($.list, 4)", "4"},
      {"States.ArrayGetItem($.list, 5)", "failed"},
      {"States.ArrayLength($.list)", "5"},
      {"States.ArrayUnique(States.Array(1, 2, 1))", "[1,2]"},
      {"States.Base64Encode('Data')", R"("RGF0YQ==")"},
      {"States.Base64Decode('RGF0YQ==')", R"("Data")"},
      {"States.Base64Decode('!')", "failed"},
      {"States.Hash('input data', 'SHA-1')", R"("aaff4a450a104cd177d28d18d74485e8cae074b7")"},
      {"States.JsonMerge($.store.bicycle, States.StringToJson('{\"color\":\"blue\"}'), false)",
       R"({"color":"blue","price":19.95})"},
      {"States.MathAdd(111, -1)", "110"},
      {"States.MathAdd(1,'-1')", "malformed"},
      {"States.MathRandom(5, 6)", "5"},
      {"States.StringSplit('1,2;3', ',;')", R"(["1","2","3"])"},
      {"States.Nothing()", "malformed"},
      {"States.UUID(1)", "malformed"},
      {"States.ArrayLength($.list) ", R"(5)"},
      {"States.ArrayLength($.list) x", "malformed"},
  };
  for (const Case& one : cases) EXPECT_EQ(evaluate(one.expression), one.expected) << one.expression;
  EXPECT_EQ(evaluate("States.UUID()").size(), 38u);
}

// Text made to exhaust a reader is refused, not followed.
TEST(Expression, DeepTextIsRefused) {
  std::string calls, filters = "$";
  for (int i = 0; i < 500; ++i) calls += "States.Array(";
  for (int i = 0; i < 500; ++i) filters += ".a[?(@";
  std::string groups = "$.a[?" + std::string(2000, '(');
  EXPECT_EQ(evaluate(calls), "malformed");
  EXPECT_EQ(evaluate(filters), "malformed");
  EXPECT_EQ(evaluate(groups), "malformed");
}

// Paths that would select the same values over and over are cut short.
TEST(Path, SelectsBoundedly) {
  std::string doubling = "$.store", descending = "$";
  for (int i = 0; i < 60; ++i) doubling += "['book','book']";
  for (int i = 0; i < 60; ++i) descending += "..*";
  EXPECT_NE(evaluate(descending), "malformed");
  std::string repeated = "$.list[0";
  for (int i = 0; i < 500; ++i) repeated += ",0";
  repeated += "]";
  EXPECT_EQ(evaluate(repeated).size(), 1003u);
  EXPECT_EQ(evaluate(doubling), "[]");
  std::string whole = "$['store','store']";
  for (int i = 0; i < 30; ++i) whole += "..['book','bicycle','store','price']";
  EXPECT_NE(evaluate(whole), "malformed");
}

}  // namespace
}  // namespace localcloud::stepfunctions::asl
