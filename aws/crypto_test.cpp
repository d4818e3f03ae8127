// Digests, MACs and CRCs against published values.

#include "aws/crypto.hpp"

#include <gtest/gtest.h>

#include "aws/checksums.hpp"
#include "base/text.hpp"

namespace aws {
namespace {

// FIPS 180-4's and RFC 1321's "abc", RFC 4231's second HMAC case, and an empty key.
TEST(Crypto, KnownAnswers) {
  EXPECT_EQ(base::to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(base::to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(base::to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(base::to_hex(hmac_sha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// A digest in pieces is that of the whole, and the hasher starts afresh.
TEST(Crypto, Streams) {
  Hasher hasher(Digest::sha256);
  hasher.update("a");
  hasher.update("bc");
  EXPECT_EQ(hasher.finish(), sha256("abc"));
  EXPECT_EQ(hasher.finish(), sha256(""));
}

TEST(Crypto, ConstantTimeComparison) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

// The check values of each CRC's definition ("123456789"), and that pieces add up.
TEST(Checksums, KnownAnswers) {
  EXPECT_EQ(crc32(0, "123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32c(0, "123456789"), 0xe3069283U);
  EXPECT_EQ(crc64nvme(0, "123456789"), 0xae8b14860a799888U);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
  const std::string_view view = text;
  EXPECT_EQ(crc32(crc32(0, view.substr(0, 333)), view.substr(333)), crc32(0, view));
  EXPECT_EQ(crc32c(crc32c(0, view.substr(0, 333)), view.substr(333)), crc32c(0, view));
  EXPECT_EQ(crc64nvme(crc64nvme(0, view.substr(0, 333)), view.substr(333)), crc64nvme(0, view));
  // Long texts are folded, single bytes looked up.
  for (std::size_t length = 0; length < 400; ++length) {
    const std::string_view part = view.substr(length, length);
    std::uint64_t bytewise = 0x0123456789abcdef;
    for (const char& byte : part) bytewise = crc64nvme(bytewise, {&byte, 1});
    EXPECT_EQ(crc64nvme(0x0123456789abcdef, part), bytewise) << length;
  }
  EXPECT_EQ(base::to_hex(big_endian(0xcbf43926U)), "cbf43926");
  EXPECT_EQ(base::to_hex(big_endian(std::uint64_t{0xae8b14860a799888U})), "ae8b14860a799888");
}

}  // namespace
}  // namespace aws
