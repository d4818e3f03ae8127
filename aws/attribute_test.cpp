// JSON in DynamoDB's form.

#include "aws/attribute.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"

namespace aws {
namespace {

// Every kind of value is written with its type, numbers as the text they came as.
TEST(Attribute, EachKindHasItsType) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"("a\n")", R"({"S":"a\n"})"},
      {R"("")", R"({"S":""})"},
      {"1.50", R"({"N":"1.50"})"},
      {"12345678901234567890123456789012345678", R"({"N":"12345678901234567890123456789012345678"})"},
      {"true", R"({"BOOL":true})"},
      {"false", R"({"BOOL":false})"},
      {"null", R"({"NULL":true})"},
      {"[]", R"({"L":[]})"},
      {"{}", R"({"M":{}})"},
      {R"([1,"b"])", R"({"L":[{"N":"1"},{"S":"b"}]})"},
      {R"({"x":{"\"":[]},"y":2})", R"({"M":{"x":{"M":{"\"":{"L":[]}}},"y":{"N":"2"}}})"},
  };
  for (const auto& [plain, attribute] : cases) {
    std::string out;
    append_attribute(out, json::parse(plain).value());
    EXPECT_EQ(out, attribute);
  }
}

}  // namespace
}  // namespace aws
