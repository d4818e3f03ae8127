// parse_validate and the policies in the bucket: what becomes of events that their schema refuses.

#include <fmt/core.h>

#include "pipeline/parse_validate/app_for_tests.hpp"

namespace pipeline::parse_validate {
namespace {

class PolicyOf : public Parse {
 protected:
  PolicyOf() {
    client.put("schemas/order/1-0-0.json", R"({"additionalProperties":false,"required":["sku"],"properties":{
        "sku":{"type":"string"},"from":{"format":"ipv4"},"email":{"type":"string"},
        "items":{"items":{"properties":{"n":{"minimum":1}},"unevaluatedProperties":false}}}})");
  }
  void rules(const std::string& list) {
    client.put("config/validation.json", R"({"rules":[)" + list + "]}");
    clock.advance(std::chrono::seconds(31));
  }
  static std::string order(const std::string& properties, const std::string& id = "e") {
    return R"({"type":"order","event_id":")" + id + R"(","user_id":"u","properties":)" + properties + "}";
  }
  Counts judge(const std::string& properties) {
    client.items.clear();
    client.objects.erase(kQuarantineKey);
    put_raw({order(properties)});
    return run();
  }
  std::string stored(std::string_view name) {
    const auto item = client.items.find({"user#u", "0000-00-00T00:00:00.000Z#e"});
    const json::Value* const value = item == client.items.end() ? nullptr : item->second.find(name);
    return value ? json::write(*value) : "none";
  }
  std::ptrdiff_t errors() const {
    return std::ranges::count_if(lines.lines, [](const std::string& line) { return line.contains("ERROR"); });
  }

  static constexpr Counts kStored{1, 1, 0, 0}, kDuplicate{1, 0, 1, 0}, kQuarantined{1, 0, 0, 1};
};

// Observed events are stored with what their schema says of them, and counted.
TEST_F(PolicyOf, observe) {
  rules(R"({"source":"web","type":"order","invalid":"observe"})");
  EXPECT_EQ(judge(R"({"sku":7,"colour":"red"})"), kStored);
  EXPECT_EQ(stored("p"), R"({"M":{"sku":{"N":"7"},"colour":{"S":"red"}}})");
  EXPECT_EQ(
      stored("violations"),
      R"({"L":[{"M":{"path":{"S":"/properties/sku"},"keyword":{"S":"type"},"message":{"S":"must be string, is number"}}},)"
      R"({"M":{"path":{"S":"/properties/colour"},"keyword":{"S":"additionalProperties"},"message":{"S":"is not a known member"}}}]})");
  EXPECT_EQ(stored("schema_version"), R"({"S":"1-0-0"})");
  EXPECT_EQ(lines.sum("EventsObserved"), 1);
  EXPECT_EQ(lines.sum("EventsQuarantined"), 0);
  EXPECT_EQ(judge(R"({"sku":"a"})"), kStored);
  EXPECT_EQ(stored("violations"), "none");
  EXPECT_EQ(lines.sum("EventsObserved"), 1);
  // Many violations, and long ones, make no large row.
  std::string many = R"({"sku":"a")";
  for (int i = 0; i < 100; ++i) many += fmt::format(R"(,"{}{}":1)", std::string(5000, 'x'), i);
  EXPECT_EQ(judge(many + "}"), kQuarantined);  // its properties alone don't fit
  many.resize(5100 * 30);
  EXPECT_EQ(judge(many.substr(0, many.rfind(',')) + "}"), kStored);
  EXPECT_LT(stored("violations").size(), 10'000u);
}

// What a schema doesn't know is put aside, wherever it lies; what breaks another rule isn't taken.
TEST_F(PolicyOf, omit) {
  rules(R"({"invalid":"omit"})");
  EXPECT_EQ(judge(R"({"sku":"a","colour":"red","items":[{"n":1},{"n":2,"size/cm":3}]})"), kStored);
  EXPECT_EQ(stored("p"), R"({"M":{"sku":{"S":"a"},"items":{"L":[{"M":{"n":{"N":"1"}}},{"M":{"n":{"N":"2"}}}]}}})");
  EXPECT_EQ(stored("omitted_properties"), R"({"M":{"/colour":{"S":"red"},"/items/1/size~1cm":{"N":"3"}}})");
  EXPECT_EQ(stored("violations"), "none");
  EXPECT_EQ(lines.sum("EventsTrimmed"), 1);
  EXPECT_EQ(judge(R"({"sku":7,"colour":"red"})"), kQuarantined);
  EXPECT_EQ(reasons(), "/properties/sku type;/properties/colour additionalProperties;");
  std::string many = R"({"sku":"a")";
  for (int i = 0; i < 99; ++i) many += fmt::format(R"(,"x{}":1)", i);
  EXPECT_EQ(judge(many + "}"), kStored);
  EXPECT_EQ(judge(many + R"(,"y":1})"), kQuarantined);
  EXPECT_EQ(lines.sum("EventsTrimmed"), 2);
}

// Where something is gone, another rule may be broken: then it is blocked after all.
TEST_F(PolicyOf, omit_uncovers) {
  rules(R"({"invalid":"omit"})");
  client.put("schemas/order/1-0-1.json",
             R"({"additionalProperties":false,"minProperties":2,"properties":{"sku":{},"n":{}}})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge(R"({"sku":"a","colour":"red"})"), kQuarantined);
  EXPECT_EQ(reasons(), "/properties/colour additionalProperties;");
  EXPECT_EQ(judge(R"({"sku":"a","n":1,"colour":"red"})"), kStored);
}

// The same event again is a duplicate, also where half of it lies aside; another one with its id is none.
TEST_F(PolicyOf, omitted_duplicates) {
  rules(R"({"invalid":"omit"})");
  const std::string properties = R"({"sku":"a","colour":"red","items":[{"n":1,"box":{"a":[1.50]}}],"Email":"A@B.c"})";
  EXPECT_EQ(judge(properties), kStored);
  EXPECT_EQ(run(), kStored);  // a retry
  const std::string later = "raw/year=2026/month=11/day=22/hour=13/01DEF.json";
  put_raw({order(properties)}, event::Wire::events, later);
  EXPECT_EQ(run(later), kDuplicate);
  put_raw({order(R"({"sku":"a","colour":"blue","items":[{"n":1,"box":{"a":[1.5]}}],"Email":"A@B.c"})")},
          event::Wire::events, later);
  EXPECT_EQ(run(later), kQuarantined);
  put_raw({order(R"({"sku":"a","items":[{"n":1}]})")}, event::Wire::events, later);
  EXPECT_EQ(run(later), kQuarantined);
  // Whatever the policy has become.
  rules(R"({"invalid":"observe"})");
  put_raw({order(properties)}, event::Wire::events, later);
  EXPECT_EQ(run(later), kDuplicate);
  EXPECT_EQ(client.items.size(), 1u);
}

// Formats may be annotations for some.
TEST_F(PolicyOf, formats) {
  EXPECT_EQ(judge(R"({"sku":"a","from":"nowhere"})"), kQuarantined);
  rules(R"({"source":"app"},{"source":"web","formats":"annotate"})");
  EXPECT_EQ(judge(R"({"sku":"a","from":"nowhere"})"), kStored);
  EXPECT_EQ(judge(R"({"sku":7})"), kQuarantined);
  rules(R"({"source":"app","formats":"annotate"})");
  EXPECT_EQ(judge(R"({"sku":"a","from":"nowhere"})"), kQuarantined);
}

// No policy lets in what no schema has judged.
TEST_F(PolicyOf, without_a_schema) {
  rules(R"({"invalid":"observe"})");
  put_raw({R"({"type":"dance","user_id":"u"})"});
  EXPECT_EQ(run(), kQuarantined);
  client.put("schemas/order/1-0-1.json", R"x({"pattern":"(?=x)"})x");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge(R"({"sku":"a"})"), kQuarantined);
  EXPECT_EQ(quarantined("failure"), "unusable_schema");
}

// Rules that can't be used leave the last ones that could; without any, all is blocked. The log says so each time.
TEST_F(PolicyOf, unusable_rules) {
  rules(R"({"invalid":"drop"})");
  EXPECT_EQ(judge(R"({"sku":7})"), kQuarantined);
  EXPECT_EQ(errors(), 1);
  EXPECT_EQ(judge(R"({"sku":"a"})"), kStored);
  rules(R"({"invalid":"observe"})");
  lines.lines.clear();
  EXPECT_EQ(judge(R"({"sku":7})"), kStored);
  EXPECT_EQ(errors(), 0);
  rules(R"({"invalid":"drop"})");
  EXPECT_EQ(judge(R"({"sku":7})"), kStored);
  clock.advance(std::chrono::seconds(31));  // still so
  EXPECT_EQ(judge(R"({"sku":7})"), kStored);
  EXPECT_EQ(errors(), 2);
  client.objects.erase("config/validation.json");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge(R"({"sku":7})"), kQuarantined);
}

}  // namespace
}  // namespace pipeline::parse_validate
