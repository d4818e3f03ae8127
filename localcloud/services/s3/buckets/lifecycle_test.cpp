// Which lifecycle rules are taken, and when they let an object expire.

#include "localcloud/services/s3/buckets/lifecycle.hpp"

#include <gtest/gtest.h>

#include "aws/dates.hpp"

namespace localcloud::s3 {
namespace {

base::Time at(std::string_view text) {
  return *aws::parse_rfc3339(text);
}

LifecycleRule rule_of_days(std::string id, std::int32_t days) {
  return {.id = std::move(id), .enabled = true, .expiration_days = days};
}

std::string code_of(std::vector<LifecycleRule> rules) {
  base::SeededIds ids;
  const auto result = check_lifecycle(std::move(rules), ids);
  return result ? "" : result.error().code + ": " + result.error().message;
}

// AWS's own example: uploaded on the 15th at 10:30, three days, gone on the 19th at midnight.
TEST(Lifecycle, days_end_at_midnight) {
  EXPECT_EQ(expiry_after_days(at("2014-01-15T10:30:00Z"), 3), at("2014-01-19T00:00:00Z"));
  EXPECT_EQ(expiry_after_days(at("2014-01-15T23:59:59Z"), 1), at("2014-01-17T00:00:00Z"));
  EXPECT_EQ(expiry_after_days(at("2024-02-28T00:00:01Z"), 1), at("2024-03-01T00:00:00Z"));
}

// A rule looks at the key's prefix, at tags and at the size; each must hold.
TEST(Lifecycle, filters) {
  const Tags tags = {{"stage", "raw"}, {"team", "events"}};
  const LifecycleSubject subject{.key = "raw/1", .size = 100, .last_modified = {}, .tags = tags};
  EXPECT_TRUE(is_about({}, subject));
  EXPECT_TRUE(is_about({.prefix = "raw/"}, subject));
  EXPECT_FALSE(is_about({.prefix = "logs/"}, subject));
  EXPECT_TRUE(is_about({.tags = {{"stage", "raw"}}}, subject));
  EXPECT_FALSE(is_about({.tags = {{"stage", "raw"}, {"team", "x"}}}, subject));
  EXPECT_TRUE(is_about({.size_greater_than = 99, .size_less_than = 101}, subject));
  EXPECT_FALSE(is_about({.size_greater_than = 100}, subject));
  EXPECT_FALSE(is_about({.size_less_than = 100}, subject));
}

// The earliest of the enabled rules that are about the object counts.
TEST(Lifecycle, first_rule_to_expire_counts) {
  const Tags no_tags;
  const LifecycleSubject subject{
      .key = "raw/1", .size = 1, .last_modified = at("2026-01-01T12:00:00Z"), .tags = no_tags};
  std::vector<LifecycleRule> rules = {rule_of_days("ten", 10), rule_of_days("two", 2), rule_of_days("one, off", 1)};
  rules[2].enabled = false;
  const auto expiry = expiry_of(rules, subject);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(expiry->rule_id, "two");
  EXPECT_EQ(expiration_header(*expiry), "expiry-date=\"Sun, 04 Jan 2026 00:00:00 GMT\", rule-id=\"two\"");
  rules[1].filter.prefix = "logs/";
  EXPECT_EQ(expiry_of(rules, subject)->rule_id, "ten");
  rules[0] = {.id = "date", .enabled = true, .expiration_date = at("2026-03-01T00:00:00Z")};
  EXPECT_EQ(expiry_of(rules, subject)->at, at("2026-03-01T00:00:00Z"));
  rules[0].enabled = false;
  EXPECT_FALSE(expiry_of(rules, subject));
}

// What AWS refuses, in its words; and a rule without an id gets one.
TEST(Lifecycle, refusals) {
  EXPECT_EQ(code_of({rule_of_days("a", 1)}), "");
  EXPECT_EQ(code_of({rule_of_days("", 1), rule_of_days("", 2)}), "");
  EXPECT_TRUE(code_of({}).starts_with("MalformedXML"));
  EXPECT_EQ(code_of({rule_of_days("a", 0)}),
            "InvalidArgument: 'Days' for Expiration action must be a positive integer");
  EXPECT_EQ(code_of({rule_of_days("a", 1), rule_of_days("a", 2)}),
            "InvalidArgument: Rule ID must be unique. Found same ID for more than one rule");
  EXPECT_EQ(code_of({{.id = "a"}}), "InvalidRequest: At least one action needs to be specified in a rule");
  EXPECT_EQ(code_of({{.id = "a", .expiration_date = at("2026-01-01T00:00:01Z")}}),
            "InvalidArgument: 'Date' must be at midnight GMT");
  EXPECT_EQ(code_of({{.id = "a", .filter = {.tags = {{"k", "v"}}}, .abort_upload_days = 1}}),
            "InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Tags.");
  EXPECT_EQ(code_of({rule_of_days(std::string(256, 'i'), 1)}),
            "InvalidArgument: ID length should not exceed allowed limit of 255");
  EXPECT_TRUE(
      code_of({{.id = "a", .expiration_days = 1, .expiration_date = at("2026-01-01T00:00:00Z")}}).starts_with("Malf"));
}

}  // namespace
}  // namespace localcloud::s3
