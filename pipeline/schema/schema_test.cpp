// The schema compiler and validator: what is told of each violation, and what is refused.

#include "pipeline/schema/schema.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "json/parse.hpp"

namespace pipeline::schema {
namespace {

json::Value parse(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().describe());
  return value ? *value : json::Value();
}

// "path keyword: message" of each violation.
std::string violations_of(std::string_view schema, std::string_view value) {
  const auto compiled = Schema::compile(parse(schema));
  if (!compiled) return "refused: " + compiled.error();
  std::string out;
  for (const Violation& violation : compiled->validate(parse(value))) {
    out += violation.path + " " + violation.keyword + ": " + violation.message + "\n";
  }
  EXPECT_EQ(out.empty(), compiled->is_valid(parse(value)));
  return out;
}

// All violations are told, each with its place.
TEST(Schema, tells_every_violation) {
  EXPECT_EQ(violations_of(R"({"type":"object","required":["a","b"],"additionalProperties":false,
                              "properties":{"a":{"type":"string","maxLength":2},"c/d":{"items":{"minimum":1}}}})",
                          R"({"a":"xyz","c/d":[1,0,"x"],"e":1})"),
            " required: must have the member \"b\"\n"
            "/a maxLength: must be at most 2 characters\n"
            "/c~1d/1 minimum: must be at least 1\n"
            "/e additionalProperties: is not a known member\n");
}

// Their number is bounded.
TEST(Schema, bounds_violations) {
  const auto schema = Schema::compile(parse(R"({"items":{"type":"string"}})"));
  json::Array items(1000, json::Value(1));
  EXPECT_EQ(schema->validate(json::Value(items), 50).size(), 50u);
}

// Numbers are compared exactly, beyond what a double holds.
TEST(Schema, exact_numbers) {
  EXPECT_EQ(violations_of(R"({"maximum":9007199254740992})", "9007199254740993"),
            " maximum: must be at most 9007199254740992\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":0.01})", "19.99"), "");
  EXPECT_EQ(violations_of(R"({"multipleOf":0.01})", "19.999"), " multipleOf: must be a multiple of 0.01\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":3})", "1e300"), " multipleOf: must be a multiple of 3\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":2})", "123456789012345678901234567890"), "");
  EXPECT_EQ(violations_of(R"({"type":"integer"})", "1.0"), "");
  EXPECT_EQ(violations_of(R"({"enum":[1.0]})", "1"), "");
}

// Lengths count characters, not bytes.
TEST(Schema, counts_code_points) {
  EXPECT_EQ(violations_of(R"({"maxLength":2,"minLength":2})", "\"\xe2\x82\xac\xf0\x9f\x98\x80\""), "");
}

// What can't be compiled is refused with the reason; nothing is fetched.
TEST(Schema, refuses) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"pattern":"(?=a)b"})", "RE2 can't take the pattern"},
      {R"({"pattern":"(a)\\1"})", "RE2 can't take the pattern"},
      {R"({"pattern":"("})", "RE2 can't take the pattern"},
      {R"({"$ref":"https://example.com/x.json"})", "nothing is fetched"},
      {R"({"$ref":"#/$defs/x"})", "which is not there"},
      {R"({"type":"text"})", "type must name JSON types"},
      {R"({"minimum":"1"})", "minimum must be a number"},
      {R"({"minLength":-1})", "minLength must be an integer from 0"},
      {R"({"properties":[]})", "properties must be an object"},
      {R"({"properties":{"a":1}})", "a schema must be an object or a boolean"},
      {R"({"$schema":"https://example.com/mine"})", "unknown $schema"},
      {R"([])", "a schema must be an object or a boolean"},
      {R"({"multipleOf":0})", "multipleOf must be above 0"},
  };
  for (const auto& [schema, reason] : cases) {
    EXPECT_NE(violations_of(schema, "1").find(reason), std::string::npos)
        << schema << " → " << violations_of(schema, "1");
  }
}

// A circle of references ends, as does an explosion of alternatives.
TEST(Schema, ends) {
  EXPECT_EQ(violations_of(R"({"$ref":"#"})", "1"), "refused: the schema refers to itself in a circle");
  EXPECT_EQ(violations_of(R"({"type":"object","additionalProperties":{"$ref":"#"}})", R"({"a":{"b":{}}})"), "");
  std::string schema = R"({"$defs":{"d0":{"type":"string"})";
  for (int i = 1; i <= 30; ++i) {
    schema += fmt::format(R"(,"d{}":{{"anyOf":[{{"$ref":"#/$defs/d{}"}},{{"$ref":"#/$defs/d{}"}}]}})", i, i - 1, i - 1);
  }
  schema += R"(},"$ref":"#/$defs/d30"})";
  EXPECT_FALSE(Schema::compile(parse(schema))->is_valid(json::Value(1)));
}

// What "$schema" names decides how keywords are read.
TEST(Schema, dialects) {
  const char* const snowplow = R"({"$schema":
    "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
    "self":{"vendor":"com.acme","name":"click","format":"jsonschema","version":"1-0-0"},
    "minimum":1,"exclusiveMinimum":true})";
  EXPECT_EQ(violations_of(snowplow, "2"), "");
  EXPECT_EQ(violations_of(snowplow, "1"), " exclusiveMinimum: must be more than 1\n");
  EXPECT_EQ(violations_of(R"({"$schema":"http://json-schema.org/draft-06/schema#","if":true,"then":false})", "1"), "");
  EXPECT_EQ(violations_of(R"({"$ref":"https://json-schema.org/draft/2020-12/schema"})", R"({"minLength":-1})"),
            "/minLength minimum: must be at least 0\n");

  CompileOptions options;
  options.documents["https://example.com/strict"] = parse(
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$vocabulary":{"https://example.com/units":true}})");
  const auto unknown = Schema::compile(parse(R"({"$schema":"https://example.com/strict"})"), options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error(), "$schema needs the vocabulary \"https://example.com/units\", which is not known");
}

// Registered documents are found by their addresses, also from each other.
TEST(Schema, documents) {
  CompileOptions options;
  options.documents["https://example.com/user"] = parse(R"({"properties":{"name":{"$ref":"name#/$defs/short"}}})");
  options.documents["https://example.com/name"] = parse(R"({"$defs":{"short":{"maxLength":3}}})");
  options.documents["https://example.com/broken"] = parse(R"({"$schema":"https://example.com/nowhere"})");
  const auto schema = Schema::compile(parse(R"({"$ref":"https://example.com/user"})"), options);
  ASSERT_TRUE(schema) << schema.error();
  EXPECT_TRUE(schema->is_valid(parse(R"({"name":"abc"})")));
  EXPECT_FALSE(schema->is_valid(parse(R"({"name":"abcd"})")));
}

// Numbers at the edges of what is compared quickly.
TEST(Schema, quick_and_slow_numbers) {
  for (const char* number : {"100", "100.0", "1e2", "1000e-1", "100.00000000000000000000"}) {
    EXPECT_EQ(violations_of(R"({"minimum":100,"maximum":1e2,"multipleOf":2.5,"type":"integer","const":100})", number),
              "")
        << number;
  }
  EXPECT_EQ(violations_of(R"({"exclusiveMaximum":0.3})", "0.29999999999999999999"), "");
  EXPECT_EQ(violations_of(R"({"minimum":-1.5})", "-1.51"), " minimum: must be at least -1.5\n");
  EXPECT_EQ(violations_of(R"({"maximum":999999999999999999})", "1000000000000000000"),
            " maximum: must be at most 999999999999999999\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":0.25})", "-1.50"), "");
  EXPECT_EQ(violations_of(R"({"multipleOf":0.25})", "1.3"), " multipleOf: must be a multiple of 0.25\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":1e-18})", "999999999999999999"), "");
  EXPECT_EQ(violations_of(R"({"type":"integer"})", "1.50"), " type: must be integer, is number\n");
}

// Every kind of limit beside numbers around it, each written in several ways: the quick answer is never another than
// the exact one.
TEST(Schema, limits_judge_as_exact_comparison_does) {
  struct Kind {
    std::string_view keyword;
    bool (*allows)(int order);
  };
  const Kind kinds[] = {{"minimum", [](int order) { return order >= 0; }},
                        {"maximum", [](int order) { return order <= 0; }},
                        {"exclusiveMinimum", [](int order) { return order > 0; }},
                        {"exclusiveMaximum", [](int order) { return order < 0; }}};
  const std::string_view numbers[] = {"0",
                                      "-0",
                                      "0.0",
                                      "-0.0",
                                      "0.5",
                                      "-0.5",
                                      "1",
                                      "-1",
                                      "1.0",
                                      "1.5",
                                      "1e0",
                                      "2",
                                      "-2",
                                      "-1.5",
                                      "1.01",
                                      "0.99",
                                      "-1.1",
                                      "-0.9",
                                      "15e-1",
                                      "999999999999999999",
                                      "1000000000000000000",
                                      "-999999999999999999.5",
                                      "9223372036854775807",
                                      "-9223372036854775809",
                                      "1e400",
                                      "-1e400"};
  for (const Kind& kind : kinds) {
    for (const std::string_view bound : numbers) {
      const auto schema = Schema::compile(parse(fmt::format(R"({{"{}":{}}})", kind.keyword, bound)));
      ASSERT_TRUE(schema);
      for (const std::string_view number : numbers) {
        const json::Value value = parse(number);
        const int order = compare(value.as_number(), parse(bound).as_number());
        EXPECT_EQ(schema->is_valid(value), kind.allows(order)) << number << " " << kind.keyword << " " << bound;
      }
    }
  }
}

// Every byte at every place of a UUID.
TEST(Schema, uuid) {
  const auto schema = Schema::compile(parse(R"({"format":"uuid"})"));
  const std::string good = "0189abcd-EF67-4d4F-b57f-9Fc5af71a0Bf";
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 1; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const bool is_good = good[at] == '-' ? byte == '-' : byte < 128 && std::isxdigit(byte);
      EXPECT_EQ(schema->is_valid(json::Value(text)), is_good) << at << " " << byte;
    }
  }
  EXPECT_FALSE(schema->is_valid(json::Value(good + "0")));
}

// Members are known whatever their order, and required ones are missed.
TEST(Schema, members_in_any_order) {
  const auto schema = Schema::compile(parse(R"({"required":["a","a_name_of_more_than_16_bytes"],
      "additionalProperties":false,
      "properties":{"a":{},"four":{},"eight_ch":{},"a_name_of_more_than_16_bytes":{},"":{}}})"));
  std::vector<std::string> names = {"", "a", "a_name_of_more_than_16_bytes", "eight_ch", "four"};
  do {
    json::Object event;
    for (const std::string& name : names) event.set(name, 1);
    EXPECT_TRUE(schema->is_valid(event));
    event.erase("a_name_of_more_than_16_bytes");
    EXPECT_FALSE(schema->is_valid(event));
    event.set("a_name_of_more_than_17_bytes", 1);
    EXPECT_FALSE(schema->is_valid(event));
    event.erase("a_name_of_more_than_17_bytes");
    event.set("a_name_of_moRe_than_16_bytes", 1);
    EXPECT_FALSE(schema->is_valid(event));
  } while (std::ranges::next_permutation(names).found);
}

// Patterns of ECMA-262 that RE2 writes otherwise.
TEST(Schema, patterns) {
  EXPECT_EQ(violations_of(R"({"pattern":"^\\u0041(?<x>b)\\s\\p{Letter}[[]$"})", "\"Ab\xc2\xa0\xc3\xa9[\""), "");
  EXPECT_NE(violations_of(R"({"pattern":"^a$"})", R"("a\n")"), "");
  EXPECT_EQ(violations_of(R"({"pattern":"b"})", R"("abc")"), "");
}

}  // namespace
}  // namespace pipeline::schema
