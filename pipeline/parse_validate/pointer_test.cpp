// Members taken out and put back.

#include "pipeline/parse_validate/pointer.hpp"

#include <gtest/gtest.h>

#include "aws/attribute.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"

namespace pipeline::parse_validate {
namespace {

json::Object object(std::string_view text) {
  return json::parse(text)->as_object();
}

// In DynamoDB's JSON form: {"a":1} ▶ {"a":{"N":"1"}}
json::Object attributes(const json::Object& members) {
  std::string text;
  aws::append_attribute(text, json::Value(members));
  return json::parse(text)->find("M")->as_object();
}

// Whatever is taken out in some order is put back where it was.
TEST(Pointer, there_and_back) {
  const json::Object whole =
      object(R"({"a":{"b":1,"c":[{"d":2,"e/f~":3},[{"g":null}]]},"h":{"i":{"j":"k"}},"":{"":0}})");
  const std::vector<std::vector<std::string>> cases = {
      {"/a/b"}, {"/a/c/0/e~1f~0", "/a/c/1/0/g"}, {"/h"}, {"/h/i/j", "/h/i", "/h"}, {"/a/c/0/d", "/a"}, {"//"}, {"/"}};
  for (const auto& pointers : cases) {
    json::Object rest = whole, omitted;
    for (const std::string& pointer : pointers) {
      auto value = take_at(rest, pointer);
      ASSERT_TRUE(value) << pointer;
      omitted.set(pointer, *std::move(value));
    }
    EXPECT_NE(rest, whole) << pointers.front();
    EXPECT_EQ(json::Value(put_back(attributes(rest), attributes(omitted))), json::Value(attributes(whole)))
        << pointers.front();
  }
}

// What isn't there, or is no member of an object, stays.
TEST(Pointer, nowhere) {
  const json::Object whole = object(R"({"a":{"b":[1,{"c":2}]}})");
  for (const char* pointer : {"", "a", "/b", "/a/b/0", "/a/b/2/c", "/a/b/x/c", "/a/b/1/c/d", "/a/c/d"}) {
    json::Object rest = whole;
    EXPECT_FALSE(take_at(rest, pointer)) << pointer;
    EXPECT_EQ(rest, whole) << pointer;
    EXPECT_EQ(
        json::Value(put_back(attributes(whole), object(R"({"/a/b/2/c":{"N":"1"},"/x/y":{"N":"1"},"z":{"N":"1"}})"))),
        json::Value(attributes(whole)));
  }
}

}  // namespace
}  // namespace pipeline::parse_validate
