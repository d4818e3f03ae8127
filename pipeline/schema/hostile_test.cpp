// Schemas and values that are made to cost: each ends soon, with a word about why.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <time.h>

#include "json/parse.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {
namespace {

json::Value parse(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << (value ? "" : value.error().describe());
  return value ? *std::move(value) : json::Value();
}

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Far more than it takes even with sanitizers, far less than what is prevented.
constexpr double kSecondsMax = 20;

// "keyword: message" of the first violation, "valid", or "refused: why".
std::string judged(const json::Value& schema, const json::Value& value) {
  const double began = cpu_s();
  const auto compiled = Schema::compile(schema);
  if (!compiled) return "refused: " + compiled.error();
  const auto violations = compiled->validate(value);
  EXPECT_EQ(compiled->is_valid(value), violations.empty());
  EXPECT_LT(cpu_s() - began, kSecondsMax);
  return violations.empty() ? "valid" : violations[0].keyword + ": " + violations[0].message;
}
std::string judged_texts(std::string_view schema, std::string_view value) {
  return judged(parse(schema), parse(value));
}

constexpr std::string_view kTooManySteps = "$schema: the schema takes too many steps for this value";

// "d0" doubled `times` times: 2^times ways to look at it.
std::string doubled(std::string_view keyword, std::string_view d0, int times, std::string_view rest) {
  std::string schema = fmt::format(R"({{"$defs":{{"d0":{})", d0);
  for (int i = 1; i <= times; ++i) {
    schema +=
        fmt::format(R"(,"d{}":{{"{}":[{{"$ref":"#/$defs/d{}"}},{{"$ref":"#/$defs/d{}"}}]}})", i, keyword, i - 1, i - 1);
  }
  return schema + "}," + std::string(rest) + "}";
}

TEST(Hostile, Alternatives) {
  EXPECT_EQ(judged_texts(doubled("anyOf", R"({"type":"string"})", 40, R"("$ref":"#/$defs/d40")"), "1"), kTooManySteps);
  EXPECT_EQ(judged_texts(doubled("allOf", R"({"type":"number"})", 40, R"("$ref":"#/$defs/d40")"), "1"), kTooManySteps);
  EXPECT_EQ(judged_texts(doubled("oneOf", R"({"type":"string"})", 40, R"("$ref":"#/$defs/d40")"), "1"), kTooManySteps);
  EXPECT_EQ(judged_texts(doubled("anyOf", R"({"properties":{"b":true}})", 40,
                                 R"("$ref":"#/$defs/d40","unevaluatedProperties":false)"),
                         R"({"b":1})"),
            kTooManySteps);
}

// What was cut short within a `not`, an `if` or a `contains` doesn't pass for false.
TEST(Hostile, CutShortIsInvalid) {
  for (const char* rest : {R"("not":{"$ref":"#/$defs/d40"})", R"("if":{"$ref":"#/$defs/d40"},"then":false)",
                           R"("contains":{"$ref":"#/$defs/d40"},"minContains":0)"}) {
    EXPECT_EQ(judged_texts(doubled("anyOf", R"({"type":"null"})", 40, rest), "[1]"), kTooManySteps) << rest;
  }
}

// Circles that never go into the value are refused when the schema is registered.
TEST(Hostile, Circles) {
  for (const char* schema :
       {R"({"$ref":"#"})", R"({"allOf":[{"$ref":"#"}]})", R"({"not":{"$ref":"#"}})",
        R"({"if":true,"then":{"$ref":"#"}})", R"({"dependentSchemas":{"a":{"$ref":"#"}}})",
        R"({"properties":{"x":{"oneOf":[true,{"$ref":"#/properties/x"}]}}})",
        R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"})"}) {
    EXPECT_EQ(judged_texts(schema, "{}"), "refused: the schema refers to itself in a circle") << schema;
  }
  EXPECT_EQ(judged_texts(R"({"$dynamicAnchor":"a","$dynamicRef":"#a"})", "{}"),
            "$schema: the schema goes too deep into this value");
}

// A schema that goes down with the value is none, however deep the value is that can be parsed.
TEST(Hostile, Depth) {
  const std::string deep = std::string(256, '[') + std::string(256, ']');
  EXPECT_EQ(judged_texts(
                R"({"anyOf":[{"$ref":"#/$defs/list"}],"$defs":{"list":{"type":"array","items":{"$ref":"#"}}}})", deep),
            "valid");
}

TEST(Hostile, Patterns) {
  EXPECT_TRUE(judged_texts(R"({"pattern":"((a{1,100}){1,100}){1,100}b"})", R"("a")").starts_with("refused: "));
  EXPECT_EQ(judged_texts(R"({"pattern":"(x+x+)+y"})", '"' + std::string(100'000, 'x') + '"'),
            "pattern: must match (x+x+)+y");
  EXPECT_EQ(judged_texts(R"({"pattern":"(a|b)*a(a|b){900}c"})", '"' + std::string(1'000'000, 'a') + '"'),
            kTooManySteps);

  json::Object patterns, value;
  for (int i = 0; i < 1000; ++i) patterns.append(fmt::format("x{}(a|b)", i), true);
  for (int i = 0; i < 10'000; ++i) value.append(fmt::format("member-{}", i), i);
  EXPECT_EQ(judged(json::Object{{"patternProperties", patterns}}, value), kTooManySteps);
  json::Object too_many;
  for (int i = 0; i < 1000; ++i) too_many.append(fmt::format("{}(a{{300}}|b)", i), true);
  EXPECT_EQ(judged(json::Object{{"patternProperties", too_many}}, value),
            "refused: all patterns together are too large");
}

// Many patterns for many names, each of which is told quickly, are too much together.
TEST(Hostile, PatternsTimesNames) {
  json::Object patterns, members;
  for (int i = 0; i < 5'000; ++i) {
    patterns.append(fmt::format("^never{}$", i), true);
    members.append(fmt::format("name{}", i), i);
  }
  EXPECT_EQ(judged(json::Object{{"patternProperties", patterns}}, members),
            "$schema: the schema takes too many steps for this value");
}

// More names must be there than one pass over the members counts.
TEST(Hostile, ManyRequired) {
  json::Object members;
  json::Array names;
  for (int i = 0; i < 70; ++i) {
    members.append(fmt::format("m{}", i), i);
    names.emplace_back(fmt::format("m{}", i));
  }
  EXPECT_EQ(judged(json::Object{{"required", names}}, members), "valid");
  members.erase("m69");
  EXPECT_EQ(judged(json::Object{{"required", names}}, members), "required: must have the member \"m69\"");
}

// Neither the number of names nor of values is squared.
TEST(Hostile, LargeTables) {
  json::Object members, properties, reversed;
  json::Array names, words, numbers;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = fmt::format("a-name-that-is-long-{}-and-ends-as-all-do", i);
    members.append(name, i);
    properties.append(name, json::Object{{"type", "integer"}});
    names.emplace_back(name);
    words.emplace_back(name);
    // All are the same as doubles.
    numbers.emplace_back(json::Number::from_text(fmt::format("1234567890123456789012345{}", 100'000 + i)));
  }
  for (auto member = members.end(); member != members.begin();) {
    --member;
    reversed.append(member->first, member->second);
  }
  EXPECT_EQ(
      judged(json::Object{{"properties", properties}, {"required", names}, {"additionalProperties", false}}, reversed),
      "valid");
  EXPECT_EQ(judged(json::Object{{"dependentRequired", json::Object{{"a", names}}}}, reversed), "valid");
  EXPECT_EQ(judged(json::Object{{"enum", words}}, words.back()), "valid");
  EXPECT_EQ(judged(json::Object{{"uniqueItems", true}}, numbers), "valid");
  EXPECT_EQ(judged(json::Object{{"const", members}}, reversed), "valid");
  EXPECT_EQ(judged(json::Object{{"uniqueItems", true}}, json::Array(17, members)),
            "uniqueItems: items 0 and 1 are equal");
  numbers.push_back(numbers.front());
  EXPECT_EQ(judged(json::Object{{"uniqueItems", true}}, numbers), "uniqueItems: items 0 and 20000 are equal");
}

// A large value that is compared over and over.
TEST(Hostile, LargeConstants) {
  const json::Value text(std::string(200'000, 'x'));
  EXPECT_EQ(
      judged(json::Object{{"$defs", json::Object{{"a", json::Object{{"const", text}}}}},
                          {"items", json::Object{{"allOf", json::Array(30, json::Object{{"$ref", "#/$defs/a"}})}}}},
             json::Array(500, text)),
      kTooManySteps);
}

TEST(Hostile, TooLarge) {
  json::Object properties;
  for (int i = 0; i < 100'001; ++i) properties.append(std::to_string(i), json::Object{});
  EXPECT_EQ(judged(json::Object{{"properties", properties}}, "x"), "refused: there are more than 100000 subschemas");
}

// What is told of a value is bounded, too.
TEST(Hostile, LongPaths) {
  json::Value value = 1;
  for (int i = 0; i < 50; ++i) value = json::Object{{std::string(100'000, '~'), value}};
  const auto schema = Schema::compile(parse(R"({"type":"object","additionalProperties":{"$ref":"#"}})"));
  const auto violations = schema->validate(value);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_LT(violations[0].path.size(), 1010u);
  EXPECT_TRUE(violations[0].path.starts_with("/~0~0") && violations[0].path.ends_with("…"));
}

}  // namespace
}  // namespace pipeline::schema
