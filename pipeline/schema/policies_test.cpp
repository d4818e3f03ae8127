// Which policy an event meets.

#include "pipeline/schema/policies.hpp"

#include <gtest/gtest.h>

namespace pipeline::schema {
namespace {

using Invalid = Policy::Invalid;

// The first rule counts; what a rule doesn't name is any, what it doesn't say is as without it.
TEST(Policies, first_match) {
  const auto policies = Policies::parse(R"({"rules":[{"source":"web","type":"click","invalid":"omit"},
      {"type":"click","invalid":"observe","formats":"annotate"},{"source":"web","formats":"annotate"},
      {"source":"web","invalid":"observe"},{"source":"app","invalid":"observe","formats":"assert"}]})");
  ASSERT_TRUE(policies) << policies.error();
  EXPECT_EQ(policies->of("web", "click"), (Policy{Invalid::omit, Formats::asserted}));
  EXPECT_EQ(policies->of("app", "click"), (Policy{Invalid::observe, Formats::annotations}));
  EXPECT_EQ(policies->of("web", "login"), (Policy{Invalid::block, Formats::annotations}));
  EXPECT_EQ(policies->of("app", "login"), (Policy{Invalid::observe, Formats::asserted}));
  EXPECT_EQ(policies->of("direct", "login"), Policy{});
  EXPECT_EQ(Policies().of("web", "click"), Policy{});
  EXPECT_EQ(Policies::parse(R"({"rules":[]})")->of("web", "click"), Policy{});
}

// What is misspelt is told, with its place.
TEST(Policies, refuses) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "not JSON"},
      {"[]", "it must be object"},
      {"{}", "it must have the member \"rules\""},
      {R"({"rules":[],"rule":1})", "/rule is not a known member"},
      {R"({"rules":{}})", "/rules must be array"},
      {R"({"rules":[{}, {"invalid":"drop"}]})", "/rules/1/invalid must be one of"},
      {R"({"rules":[{"formats":true}]})", "/rules/0/formats must be one of"},
      {R"({"rules":[{"sources":"web"}]})", "/rules/0/sources is not a known member"},
      {R"({"rules":[{"source":""}]})", "/rules/0/source must be at least 1 character"},
      {R"({"rules":[{"type":7}]})", "/rules/0/type must be string"},
      {R"({"rules":[)" + std::string(3000, ' ') + "{}" +
           []() {
             std::string out;
             for (int i = 0; i < 1000; ++i) out += ",{}";
             return out;
           }() +
           "]}",
       "/rules must have at most 1000 items"},
  };
  for (const auto& [text, reason] : cases) {
    const auto policies = Policies::parse(text);
    ASSERT_FALSE(policies) << text;
    EXPECT_TRUE(policies.error().starts_with(reason)) << text.substr(0, 100) << " → " << policies.error();
  }
}

}  // namespace
}  // namespace pipeline::schema
