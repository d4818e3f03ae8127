// Moments and ARNs as text.

#include "aws/dates.hpp"

#include <gtest/gtest.h>

#include "aws/arn.hpp"

namespace aws {
namespace {

const base::Time kTime = base::from_unix_us(1'709'210'096'123'456);  // 2024-02-29T12:34:56.123456Z

// Every form of one moment, and back.
TEST(Dates, WriteAndReadBack) {
  EXPECT_EQ(format_rfc3339(kTime), "2024-02-29T12:34:56Z");
  EXPECT_EQ(format_rfc3339_ms(kTime), "2024-02-29T12:34:56.123Z");
  EXPECT_EQ(format_basic(kTime), "20240229T123456Z");
  EXPECT_EQ(format_basic_date(kTime), "20240229");
  EXPECT_EQ(format_http_date(kTime), "Thu, 29 Feb 2024 12:34:56 GMT");
  EXPECT_EQ(format_epoch_s(kTime), "1709210096.123456");
  EXPECT_EQ(format_epoch_s(base::from_unix_ms(1'500)), "1.5");
  EXPECT_EQ(format_epoch_s(base::from_unix_s(-2)), "-2");

  EXPECT_EQ(parse_rfc3339("2024-02-29T12:34:56.123456Z"), kTime);
  EXPECT_EQ(parse_rfc3339("2024-02-29t14:04:56.123456789+01:30"), kTime);
  EXPECT_EQ(parse_basic("20240229T123456Z"), base::from_unix_s(1'709'210'096));
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 12:34:56 GMT"), base::from_unix_s(1'709'210'096));
  EXPECT_EQ(parse_epoch_s("1709210096.123456"), kTime);
  EXPECT_EQ(parse_epoch_s("1.5e3"), base::from_unix_s(1'500));
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), base::from_unix_s(1'483'228'800));
}

// What isn't exactly the form is nothing.
TEST(Dates, Refuse) {
  for (const char* text : {"", "2024-02-29", "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z", "2024-02-29T24:00:00Z",
                           "2024-02-29T12:34:56", "2024-02-29T12:34:56.Z", "2024-02-29T12:34:56+0130",
                           "2024-02-29T12:34:56Zx", "2024-02-29T12:34:56+24:00", "+024-02-29T12:34:56Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_FALSE(parse_basic("2024-02-29T12:34:56Z"));
  EXPECT_FALSE(parse_basic("20240229T123456"));
  EXPECT_FALSE(parse_http_date("29 Feb 2024 12:34:56 GMT"));
  EXPECT_FALSE(parse_epoch_s("1e400"));
  EXPECT_FALSE(parse_epoch_s("9999999999999"));
  EXPECT_FALSE(parse_epoch_s("1.2.3"));
}

// An ARN's resource keeps its colons and slashes; what lacks a part is no ARN.
TEST(Arns, ParseAndBuild) {
  const auto arn = parse_arn("arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:*");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->resource, "log-group:/aws/lambda/f:*");
  EXPECT_EQ(arn->text(), "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:*");
  EXPECT_EQ(make_arn("s3", "", "", "bucket/key"), "arn:aws:s3:::bucket/key");
  for (const char* text : {"", "arn:", "arn:aws:s3", "arn:aws:s3:::", "arn::s3:::b", "urn:aws:s3:::b"}) {
    EXPECT_FALSE(parse_arn(text)) << text;
  }
}

}  // namespace
}  // namespace aws
