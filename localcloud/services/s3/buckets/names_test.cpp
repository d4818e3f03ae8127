// Which names S3 takes.

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

}  // namespace
}  // namespace localcloud::s3
