// "x-privacy": which values it speaks of, through every keyword that leads to a value.

#include "pipeline/schema/treatments.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {
namespace {

// What a schema says of the value at a path, whose numbers are indexes: "hash", "mask", "drop" or "".
std::string said(const std::string& text, const std::vector<std::string>& path) {
  const auto schema = Schema::compile(json::parse(text).value());
  if (!schema) return schema.error();
  const Treatments& treatments = schema->treatments();
  Treatments::Places places = treatments.root();
  for (const std::string& step : path) {
    const bool is_index = step.find_first_not_of("0123456789") == std::string::npos;
    places = is_index ? treatments.element(places, std::stoul(step)) : treatments.member(places, step);
  }
  if (treatments.empty()) return "";
  const auto treatment = treatments.strictest(places);
  return !treatment ? "" : *treatment == Treatment::hash ? "hash" : *treatment == Treatment::mask ? "mask" : "drop";
}

TEST(Treatments, each_way_to_a_value) {
  struct Case {
    std::string schema;
    std::vector<std::string> path;
    std::string expected;
  };
  const Case cases[] = {
      {R"({"properties":{"a":{"x-privacy":"hash"}}})", {"a"}, "hash"},
      {R"({"properties":{"a":{"x-privacy":"hash"}}})", {"b"}, ""},
      {R"({"properties":{"a":{"properties":{"b":{"x-privacy":"mask"}}}}})", {"a", "b"}, "mask"},
      {R"({"patternProperties":{"^p_":{"x-privacy":"drop"}}})", {"p_x"}, "drop"},
      {R"({"patternProperties":{"^p_":{"x-privacy":"drop"}}})", {"x_p"}, ""},
      {R"({"properties":{"a":{}},"additionalProperties":{"x-privacy":"drop"}})", {"b"}, "drop"},
      {R"({"properties":{"a":{}},"additionalProperties":{"x-privacy":"drop"}})", {"a"}, ""},
      {R"({"properties":{"a":{}},"unevaluatedProperties":{"x-privacy":"drop"}})", {"b"}, "drop"},
      {R"({"properties":{"l":{"items":{"x-privacy":"mask"}}}})", {"l", "7"}, "mask"},
      {R"({"properties":{"l":{"prefixItems":[{},{"x-privacy":"mask"}]}}})", {"l", "1"}, "mask"},
      {R"({"properties":{"l":{"prefixItems":[{},{"x-privacy":"mask"}]}}})", {"l", "2"}, ""},
      {R"({"properties":{"l":{"prefixItems":[{}],"items":{"x-privacy":"mask"}}}})", {"l", "0"}, ""},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","properties":{"l":{"items":[{"x-privacy":"mask"}],
          "additionalItems":{"x-privacy":"hash"}}}})",
       {"l", "0"},
       "mask"},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","properties":{"l":{"items":[{"x-privacy":"mask"}],
          "additionalItems":{"x-privacy":"hash"}}}})",
       {"l", "1"},
       "hash"},
      {R"({"properties":{"l":{"contains":{"x-privacy":"mask"}}}})", {"l", "3"}, "mask"},
      {R"({"allOf":[{"properties":{"a":{"x-privacy":"hash"}}},{"properties":{"a":{"x-privacy":"drop"}}}]})",
       {"a"},
       "drop"},
      {R"({"anyOf":[{"properties":{"a":{"x-privacy":"hash"}}},{}]})", {"a"}, "hash"},
      {R"({"oneOf":[{"properties":{"a":{"x-privacy":"hash"}}}]})", {"a"}, "hash"},
      {R"({"if":{},"then":{"properties":{"a":{"x-privacy":"hash"}}}})", {"a"}, "hash"},
      {R"({"if":{},"else":{"properties":{"a":{"x-privacy":"hash"}}}})", {"a"}, "hash"},
      {R"({"dependentSchemas":{"b":{"properties":{"a":{"x-privacy":"hash"}}}}})", {"a"}, "hash"},
      {R"({"properties":{"a":{"$ref":"#/$defs/mail"}},"$defs":{"mail":{"x-privacy":"hash"}}})", {"a"}, "hash"},
      {R"({"properties":{"a":{"$ref":"#mail"}},"$defs":{"m":{"$anchor":"mail","x-privacy":"hash"}}})", {"a"}, "hash"},
      {R"({"properties":{"a":{"$ref":"#"},"b":{"x-privacy":"mask"}}})", {"a", "a", "a", "b"}, "mask"},
      {R"({"$defs":{"mail":{"x-privacy":"hash"}}})", {"a"}, ""},
      {R"({"not":{"properties":{"a":{"x-privacy":"hash"}}}})", {"a"}, ""},
      {R"({"enum":[{"properties":{"a":{"x-privacy":"hash"}}}]})", {"a"}, ""},
      {"true", {"a"}, ""},
  };
  for (const auto& [schema, path, expected] : cases) EXPECT_EQ(said(schema, path), expected) << schema;
}

// A misspelt one is no reason to store a value plain: the schema can't be used.
TEST(Treatments, malformed) {
  const std::string problem = R"("x-privacy" must be "hash", "mask" or "drop")";
  EXPECT_EQ(said(R"({"properties":{"a":{"x-privacy":"hide"}}})", {"a"}), problem);
  EXPECT_EQ(said(R"({"x-privacy":true})", {}), problem);
  EXPECT_EQ(said(R"({"properties":{"x-privacy":{"type":"string"}}})", {"x-privacy"}), "");
}

// Validation says the same with and without it.
TEST(Treatments, validation_does_not_see_them) {
  const auto schema = Schema::compile(
      json::parse(
          R"({"properties":{"a":{"type":"string","x-privacy":"drop"},"b":{"x-privacy":"mask"}},"required":["a"]})")
          .value());
  ASSERT_TRUE(schema);
  EXPECT_TRUE(schema->is_valid(json::parse(R"({"a":"x","b":[1]})").value()));
  EXPECT_EQ(schema->validate(json::parse(R"({"a":1})").value()).at(0).keyword, "type");
  EXPECT_EQ(schema->validate(json::parse("{}").value()).at(0).keyword, "required");
}

}  // namespace
}  // namespace pipeline::schema
