// Bytes as text: base64, hex, UTF-8, numbers, ULIDs.

#include "base/text.hpp"

#include <gtest/gtest.h>

#include "base/ids.hpp"

namespace base {
namespace {

// RFC 4648's own examples go both ways.
TEST(Text, Base64) {
  const std::pair<std::string, std::string> cases[] = {{"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
                                                       {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  for (const char* bad : {"Z", "Zg", "Zg=", "Z===", "Zm9v\n", "Zm9*", "=m9v"})
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
}

// Overlong forms, surrogates, cut sequences and too large code points are not UTF-8.
TEST(Text, FindsInvalidUtf8) {
  for (const char* good : {"", "abc", "é", "€", "😀", "\xf4\x8f\xbf\xbf"})
    EXPECT_EQ(first_invalid_utf8(good), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("ab\xc0\x80"), 2u);
  EXPECT_EQ(first_invalid_utf8("\xed\xa0\x80"), 0u);
  EXPECT_EQ(first_invalid_utf8("\xe2\x82"), 0u);
  EXPECT_EQ(first_invalid_utf8("\xf4\x90\x80\x80"), 0u);
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(to_number<int>("42"), 42);
  EXPECT_EQ(to_number<int>("42x"), std::nullopt);
  EXPECT_EQ(to_number<int>(""), std::nullopt);
  EXPECT_EQ(to_number<std::uint8_t>("256"), std::nullopt);
}

// A ULID begins with its time, so ULIDs sort by it.
TEST(Ids, UlidSortsByTime) {
  SeededIds ids;
  const std::string early = ids.ulid(from_unix_ms(1'000)), late = ids.ulid(from_unix_ms(2'000));
  EXPECT_EQ(early.size(), 26u);
  EXPECT_LT(early, late);
  const std::array<std::byte, 10> zeros{};
  EXPECT_EQ(make_ulid(1469918176385, zeros).substr(0, 10), "01ARYZ6S41");
}

}  // namespace
}  // namespace base
