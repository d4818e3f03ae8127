// Schemas in the bucket that refer to each other.

#include "pipeline/schema/registry.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "json/parse.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/memory_client.hpp"
#include "pipeline/schema/references.hpp"

namespace pipeline::schema {
namespace {

class InBucket : public testing::Test {
 protected:
  void put(std::string_view name, std::string text) {
    client.put(fmt::format("schemas/{}.json", name), std::move(text));
  }

  Registry::Entry entry(std::string type = "order", Formats formats = Formats::asserted) {
    auto found = aws_client::run_blocking(registry.get(std::move(type), {}, formats, {}));
    if (!found) ADD_FAILURE() << found.error().code;
    return found.value_or(Registry::Entry{});
  }
  // "valid", "invalid", or why the schema can't be used.
  std::string judge(std::string_view value) {
    const Registry::Entry found = entry();
    if (!found.value) return found.is_missing() ? "missing" : found.problem;
    return found.value->is_valid(json::parse(value).value()) ? "valid" : "invalid";
  }
  std::ptrdiff_t reads(std::string_view name) const {
    return std::ranges::count(client.calls, fmt::format("GetObject schemas/{}.json", name));
  }

  base::ManualClock clock{base::from_unix_ms(1'795'351'558'440)};
  aws_client::MemoryClient client;
  Registry registry{{.bucket = "b",
                     .fresh_for = std::chrono::seconds(30),
                     .missing_for = std::chrono::seconds(5),
                     .entries_max = 100},
                    client,
                    clock};
};

// A reference is a path from schema to schema, or the whole address; what is referred to may refer further, also back.
TEST_F(InBucket, references) {
  put("order/1-0-0", R"({"properties":{"to":{"$ref":"../address/1-0-0.json"},
      "from":{"$ref":"registry:/address/1-0-0.json#/$defs/city"},"parts":{"items":{"$ref":"1-0-0.json"}}}})");
  put("address/1-0-0", R"({"$schema":"http://json-schema.org/draft-07/schema#","required":["city"],
      "properties":{"city":{"$ref":"#/$defs/city"},"country":{"$ref":"../country/2-0-1.json"}},
      "$defs":{"city":{"maxLength":5}}})");
  put("country/2-0-1", R"({"enum":["NL","PT"],"$comment":{"$ref":"../order/1-0-0.json"}})");
  EXPECT_EQ(judge(R"({"to":{"city":"Lagos","country":"PT"},"from":"Faro"})"), "valid");
  EXPECT_EQ(judge(R"({"to":{"city":"Lagos","country":"Portugal"}})"), "invalid");
  EXPECT_EQ(judge(R"({"to":{}})"), "invalid");
  EXPECT_EQ(judge(R"({"from":"Lissabon"})"), "invalid");
  EXPECT_EQ(judge(R"({"parts":[{"parts":[{"from":"Lissabon"}]}]})"), "invalid");
}

// An "$id" moves what the paths start from; the whole address always works. Draft 4 calls it "id".
TEST_F(InBucket, own_ids) {
  put("address/1-0-0", R"({"type":"string"})");
  put("order/1-0-0",
      R"({"$id":"https://acme.example/order","additionalProperties":{"$ref":"registry:/address/1-0-0.json"}})");
  EXPECT_EQ(judge(R"({"a":1})"), "invalid");
  put("order/1-0-1", R"({"$id":"https://acme.example/order","$ref":"../address/1-0-0.json"})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(
      judge("{}"),
      R"(refers to "https://acme.example/address/1-0-0.json", which is not part of the schema; nothing is fetched)");
  put("order/1-0-2", R"({"$schema":"http://json-schema.org/draft-04/schema#","id":"registry:/shop/1-0-0.json",
      "additionalProperties":{"$ref":"../address/1-0-0.json"}})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge(R"({"a":1})"), "invalid");
}

// What is referred to is read once, for it never changes; what is missing is looked for again after a while.
TEST_F(InBucket, missing_references) {
  put("order/1-0-0", R"({"$ref":"../address/1-0-0.json"})");
  EXPECT_EQ(judge("{}"), R"(refers to "registry:/address/1-0-0.json", which is not registered)");
  put("address/1-0-0", R"({"required":["city"]})");
  EXPECT_EQ(judge("{}"), R"(refers to "registry:/address/1-0-0.json", which is not registered)");
  EXPECT_EQ(reads("address/1-0-0"), 1);
  clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(judge("{}"), "invalid");
  const auto compiled = entry().value;
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(entry().value, compiled);
  EXPECT_EQ(reads("address/1-0-0"), 2);
}

// One document is compiled as often as formats are wanted otherwise, and read once.
TEST_F(InBucket, formats) {
  put("order/1-0-0", R"({"additionalProperties":{"format":"ipv4"}})");
  const auto asserted = entry("order", Formats::asserted).value;
  const auto annotated = entry("order", Formats::annotations).value;
  const json::Value value = json::Object{{"from", "nowhere"}};
  EXPECT_FALSE(asserted->is_valid(value));
  EXPECT_TRUE(annotated->is_valid(value));
  EXPECT_EQ(entry("order", Formats::asserted).value, asserted);
  EXPECT_EQ(reads("order/1-0-0"), 1);
}

// S3 that doesn't answer quarantines nothing; what is remembered goes on.
TEST_F(InBucket, unreachable) {
  put("order/1-0-0", R"({"$ref":"../address/1-0-0.json"})");
  put("address/1-0-0", "{}");
  const auto fail = [](const std::string& call) -> std::optional<ServiceError> {
    if (call.find("address") == std::string::npos) return std::nullopt;
    return ServiceError{.code = "SlowDown", .message = "", .http_status = 503};
  };
  client.fail = fail;
  EXPECT_EQ(aws_client::run_blocking(registry.get("order", {}, Formats::asserted, {})).error().code, "SlowDown");
  client.fail = nullptr;
  EXPECT_EQ(judge("{}"), "valid");
  client.fail = fail;
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge("{}"), "valid");
}

// Chains, fans and bulk have an end; a circle of nothing but references is refused.
TEST_F(InBucket, bounded) {
  for (int i = 0; i < 40; ++i) put(fmt::format("link/1-0-{}", i), fmt::format(R"({{"$ref":"1-0-{}.json"}})", i + 1));
  put("order/1-0-0", R"({"$ref":"../link/1-0-0.json"})");
  EXPECT_EQ(judge("{}"), "refers to more than 32 schemas");
  EXPECT_LE(client.calls.size(), 36u);
  put("link/1-0-20", "{}");
  put("order/1-0-1", R"({"$ref":"../link/1-0-0.json"})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge("{}"), "valid");
  std::string fan = R"({"$ref":"../missing/1-0-0.json")";
  for (int i = 1; i < 40; ++i) fan += fmt::format(R"(,"{}":{{"$ref":"../missing/1-0-{}.json"}})", i, i);
  put("order/1-0-2", fan + "}");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge("{}"), "refers to more than 32 schemas");
  EXPECT_EQ(reads("missing/1-0-0"), 0);
  put("big/1-0-0", R"({"$comment":")" + std::string(3 << 20, 'x') + "\"}");
  put("big/1-0-1", R"({"$comment":")" + std::string(3 << 20, 'x') + "\"}");
  put("order/1-0-3", R"({"allOf":[{"$ref":"../big/1-0-0.json"},{"$ref":"../big/1-0-1.json"}]})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge("{}"), "refers to schemas of more than 4194304 bytes");
  put("other/1-0-0", R"({"$ref":"../order/1-0-4.json"})");
  put("order/1-0-4", R"({"$ref":"../other/1-0-0.json"})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(judge("{}"), "the schema refers to itself in a circle");
  put("other/1-0-1", "{nonsense");
  put("order/1-0-5", R"({"$ref":"../other/1-0-1.json"})");
  clock.advance(std::chrono::seconds(31));
  EXPECT_TRUE(judge("{}").starts_with(R"(refers to "registry:/other/1-0-1.json", which is not JSON: )"));
}

// Which addresses are those of registered schemas: no others are ever read.
TEST(References, addresses) {
  EXPECT_EQ(registered_key("registry:/address/1-0-0.json"), "schemas/address/1-0-0.json");
  EXPECT_EQ(registry_address("schemas/address/1-0-0.json"), "registry:/address/1-0-0.json");
  for (const char* address :
       {"registry:/address/1.json", "registry:/address/1-0-0", "registry:/a/b/1-0-0.json", "registry:/1-0-0.json",
        "registry://host/address/1-0-0.json", "registry:/../config/1-0-0.json", "registry:/Address/1-0-0.json",
        "https://example.com/address/1-0-0.json", "address/1-0-0.json", "registry:", ""})
    EXPECT_EQ(registered_key(address), std::nullopt) << address;
}

}  // namespace
}  // namespace pipeline::schema
