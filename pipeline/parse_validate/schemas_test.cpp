// parse_validate and the schemas in the bucket: which one judges an event.

#include <fmt/core.h>

#include "pipeline/parse_validate/app_for_tests.hpp"

namespace pipeline::parse_validate {
namespace {

// An event is judged by the version that it names, or by the newest of its model; which one that was is kept.
TEST_F(Parse, versions) {
  const auto key = [](std::string_view version) { return fmt::format("schemas/turn/{}.json", version); };
  client.put(key("1-0-9"), R"({"required":["a"]})");
  client.put(key("1-0-10"), R"({"required":["b"]})");
  client.put(key("2-0-0"), R"({"required":["c"]})");
  client.put(key("1-1"), R"({"required":["z"]})");           // no version
  client.put(key("1-9-9.json/x"), R"({"required":["z"]})");  // nor this
  const auto judge = [&](std::string_view wanted, std::string_view member) {
    client.items.clear();
    client.objects.erase(kQuarantineKey);
    put_raw(
        {fmt::format(R"({{"type":"turn","event_id":"e","user_id":"u"{},"properties":{{"{}":1}}}})", wanted, member)});
    run();
    return attribute("user#u", "0000-00-00T00:00:00.000Z#e", "schema_version") + " " + quarantined("schema");
  };
  EXPECT_EQ(judge("", "b"), "1-0-10 none");
  EXPECT_EQ(judge(R"(,"schema_version":1)", "a"), "no item turn/1-0-10");
  EXPECT_EQ(judge(R"(,"schema_version":"1-0-9")", "a"), "1-0-9 none");
  EXPECT_EQ(judge(R"(,"schema_version":2)", "c"), "2-0-0 none");
  EXPECT_EQ(judge(R"(,"schema_version":3)", "c"), "no item turn/3");
  EXPECT_EQ(quarantined("failure"), "unknown_type");
  EXPECT_EQ(judge(R"(,"schema_version":"1-0-8")", "a"), "no item turn/1-0-8");
  // A new version counts once what is remembered is old; while S3 doesn't say, the one before does.
  client.put(key("1-0-11"), R"({"required":["d"]})");
  EXPECT_EQ(judge("", "b"), "1-0-10 none");
  clock.advance(std::chrono::seconds(31));
  fail_calls("ListObjectsV2", {.code = "SlowDown", .message = "", .http_status = 503});
  EXPECT_EQ(judge("", "b"), "1-0-10 none");
  client.fail = nullptr;
  EXPECT_EQ(judge("", "d"), "1-0-11 none");
  // What is known costs no call.
  client.calls.clear();
  EXPECT_EQ(judge("", "d"), "1-0-11 none");
  for (const std::string& call : client.calls) EXPECT_EQ(call.find(" schemas/"), std::string::npos) << call;
}

// Versions beyond the first page of a listing are found.
TEST_F(Parse, many_versions) {
  for (int i = 0; i < 1500; ++i) client.put(fmt::format("schemas/turn/1-0-{}.json", i), "{}");
  put_raw({R"({"type":"turn","event_id":"e","user_id":"u"})"});
  EXPECT_EQ(run(), (Counts{1, 1, 0, 0}));
  EXPECT_EQ(attribute("user#u", "0000-00-00T00:00:00.000Z#e", "schema_version"), "1-0-1499");
}

}  // namespace
}  // namespace pipeline::parse_validate
