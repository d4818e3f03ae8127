// Which names S3 takes, and which bucket a host means.

#include "localcloud/services/s3/buckets/names.hpp"

#include <gtest/gtest.h>

namespace localcloud::s3 {
namespace {

// The documented rules for general purpose buckets, one case each side of every limit.
TEST(BucketNames, follow_the_documented_rules) {
  for (const std::string_view good : {"abc", "my-bucket", "my.bucket.1", "0ab", "a1.b-c"}) {
    EXPECT_TRUE(is_valid_bucket_name(good)) << good;
  }
  EXPECT_TRUE(is_valid_bucket_name(std::string(63, 'a')));
  for (const std::string_view bad :
       {"", "ab", "Abc", "my_bucket", "-abc", "abc-", ".abc", "abc.", "a..b", "192.168.5.4", "xn--abc", "sthree-x",
        "abc-s3alias", "abc--ol-s3", "abc--x-s3", "abc.mrap", "a b c", "abc/"}) {
    EXPECT_FALSE(is_valid_bucket_name(bad)) << bad;
  }
  EXPECT_FALSE(is_valid_bucket_name(std::string(64, 'a')));
}

// A key has at most 1,024 bytes, and they are UTF-8.
TEST(Keys, are_short_and_utf8) {
  EXPECT_TRUE(check_key(std::string(1024, 'k')));
  EXPECT_EQ(check_key(std::string(1025, 'k')).error().code, "KeyTooLongError");
  EXPECT_TRUE(check_key("raw/Füße/日本"));
  EXPECT_EQ(check_key("\xff\xfe").error().code, "InvalidArgument");
}

// The bucket is what stands before the endpoint's own name.
TEST(VirtualHosts, name_their_bucket) {
  const std::pair<std::string_view, std::optional<std::string>> cases[] = {
      {"logs.s3.us-east-1.localhost:4566", "logs"},
      {"logs.s3.localhost", "logs"},
      {"my.logs.s3.eu-west-1.amazonaws.com", "my.logs"},
      {"logs.s3-eu-west-1.amazonaws.com", "logs"},
      {"a.s3.s3.localhost", "a.s3"},
      {"logs.localhost:4566", "logs"},
      {"LOGS.localhost", "logs"},
      {"s3.us-east-1.localhost:4566", std::nullopt},
      {"s3.localhost", std::nullopt},
      {"localhost:4566", std::nullopt},
      {"127.0.0.1:4566", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& [host, bucket] : cases) EXPECT_EQ(bucket_of_host(host), bucket) << host;
}

}  // namespace
}  // namespace localcloud::s3
