// What the headers of a request about one object mean: ranges, conditions, digests, tags.

#include <gtest/gtest.h>

#include <future>

#include "base/text.hpp"
#include "localcloud/services/s3/objects/body_md5.hpp"
#include "localcloud/services/s3/objects/conditions.hpp"
#include "localcloud/services/s3/objects/digests.hpp"
#include "localcloud/services/s3/objects/range.hpp"
#include "localcloud/services/s3/objects/tags.hpp"

namespace localcloud::s3 {
namespace {

// Ranges of a body of 100 bytes: parts, the whole where the header is to be ignored, and 416.
TEST(Range, is_a_part_the_whole_or_an_error) {
  const std::pair<std::string_view, ByteRange> parts[] = {
      {"bytes=0-0", {0, 1}},     {"bytes=10-19", {10, 10}},
      {"bytes=90-", {90, 10}},   {"bytes=-10", {90, 10}},
      {"bytes=-500", {0, 100}},  {"bytes=50-500", {50, 50}},
      {"bytes=99-99", {99, 1}},  {"Bytes=0-1", {0, 2}},
      {"bytes= 0 - 1 ", {0, 2}}, {"bytes=5-99999999999999999999999", {5, 95}},
  };
  for (const auto& [header, part] : parts) {
    const auto range = parse_range(header, 100);
    ASSERT_TRUE(range && *range) << header;
    EXPECT_EQ(**range, part) << header;
  }
  for (const std::string_view header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-1", "bytes=0-1,5-6",
                                        "items=0-1", "bytes=+1-2", "bytes=1--2", "bytes=-a"}) {
    const auto range = parse_range(header, 100);
    ASSERT_TRUE(range) << header;
    EXPECT_FALSE(*range) << header;
  }
  for (const std::string_view header : {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"}) {
    const auto range = parse_range(header, 100);
    ASSERT_FALSE(range) << header;
    EXPECT_EQ(range.error().code, "InvalidRange");
    EXPECT_EQ(range.error().http_status, 416);
  }
  EXPECT_FALSE(parse_range("bytes=0-0", 0));
  EXPECT_FALSE(parse_range("bytes=-5", 0));
  EXPECT_EQ(content_range({10, 10}, 100), "bytes 10-19/100");
}

// The documented combinations of the four headers; an ETag's condition decides over a date's.
TEST(Conditions, of_a_read) {
  const base::Time modified = base::from_unix_ms(1'700'000'000'500);
  const base::Time same = base::from_unix_s(1'700'000'000);
  const base::Time before = base::from_unix_s(1'699'999'999);
  const std::string etag = "\"abc\"";
  struct Case {
    ReadConditions conditions;
    int status;
  };
  const Case cases[] = {
      {{}, 200},
      {{.if_match = "\"abc\""}, 200},
      {{.if_match = "abc"}, 200},
      {{.if_match = "*"}, 200},
      {{.if_match = "\"x\", \"abc\""}, 200},
      {{.if_match = "\"x\""}, 412},
      {{.if_match = "\"abc\"", .if_unmodified_since = before}, 200},
      {{.if_match = "\"x\"", .if_unmodified_since = same}, 412},
      {{.if_unmodified_since = before}, 412},
      {{.if_unmodified_since = same}, 200},
      {{.if_none_match = "\"abc\""}, 304},
      {{.if_none_match = "W/\"abc\""}, 304},
      {{.if_none_match = "*"}, 304},
      {{.if_none_match = "\"x\""}, 200},
      {{.if_none_match = "\"abc\"", .if_modified_since = before}, 304},
      {{.if_none_match = "\"x\"", .if_modified_since = same}, 200},
      {{.if_modified_since = before}, 200},
      {{.if_modified_since = same}, 304},
      {{.if_match = "\"abc\"", .if_none_match = "\"abc\""}, 304},
      {{.if_match = "\"x\"", .if_none_match = "\"abc\""}, 412},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const auto result = check_read(cases[i].conditions, etag, modified);
    EXPECT_EQ(result ? 200 : result.error().http_status, cases[i].status) << "case " << i;
  }
}

// A write may ask that nothing be there, or this very object.
TEST(Conditions, of_a_write) {
  const WriteConditions only_new{.if_none_match = "*"};
  const WriteConditions only_this{.if_match = "\"abc\""};
  EXPECT_TRUE(check_write({}, "\"abc\"", "k"));
  EXPECT_TRUE(check_write(only_new, std::nullopt, "k"));
  EXPECT_EQ(check_write(only_new, "\"abc\"", "k").error().code, "PreconditionFailed");
  EXPECT_TRUE(check_write(only_this, "\"abc\"", "k"));
  EXPECT_EQ(check_write(only_this, "\"x\"", "k").error().http_status, 412);
  EXPECT_EQ(check_write(only_this, std::nullopt, "k").error().code, "NoSuchKey");
  EXPECT_TRUE(check_form(only_new));
  EXPECT_EQ(check_form({.if_none_match = "\"abc\""}).error().code, "NotImplemented");
}

// The published check values of "123456789" for each algorithm, whole and in pieces.
TEST(Checksums, are_the_published_ones) {
  const std::pair<ChecksumAlgorithm, std::string_view> cases[] = {
      {ChecksumAlgorithm::crc32, "cbf43926"},
      {ChecksumAlgorithm::crc32c, "e3069283"},
      {ChecksumAlgorithm::crc64nvme, "ae8b14860a799888"},
      {ChecksumAlgorithm::sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"},
      {ChecksumAlgorithm::sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"},
  };
  for (const auto& [algorithm, hex] : cases) {
    ChecksumHasher whole(algorithm);
    whole.update("123456789");
    EXPECT_EQ(base::to_hex(whole.finish().digest), hex) << name_of(algorithm);
    ChecksumHasher pieces(algorithm);
    for (const char c : std::string_view("123456789")) pieces.update({&c, 1});
    EXPECT_EQ(base::to_hex(pieces.finish().digest), hex) << name_of(algorithm);
    EXPECT_EQ(digest_length(algorithm), hex.size() / 2);
    EXPECT_EQ(parse_checksum_algorithm(base::lower(name_of(algorithm))), algorithm);
  }
  EXPECT_EQ(header_of(ChecksumAlgorithm::crc64nvme), "x-amz-checksum-crc64nvme");
  EXPECT_FALSE(parse_checksum_algorithm("MD5"));
  EXPECT_FALSE(decode_digest(ChecksumAlgorithm::crc32, "AAAA"));  // three bytes
  EXPECT_TRUE(decode_digest(ChecksumAlgorithm::crc32, "AAAAAA=="));
}

// Content-MD5 must be 16 bytes in base64, and theirs.
TEST(Checksums, content_md5) {
  EXPECT_TRUE(decode_content_md5("1B2M2Y8AsgTpgAmY7PhCfg=="));
  EXPECT_EQ(decode_content_md5("nonsense!").error().code, "InvalidDigest");
  EXPECT_EQ(decode_content_md5("AAAA").error().code, "InvalidDigest");
  EXPECT_EQ(compare_md5("a", "b").error().code, "BadDigest");
  EXPECT_EQ(compare_checksum({ChecksumAlgorithm::crc32, "a"}, {ChecksumAlgorithm::crc32, "b"}).error().message,
            "The CRC32 you specified did not match the calculated checksum.");
}

// The header is a query; each limit is refused by name.
TEST(Tags, of_the_header) {
  const auto tags = parse_tagging_header("team=events&stage=raw+data&empty=&bare&sign=a%2Bb%20c");
  ASSERT_TRUE(tags);
  EXPECT_EQ(*tags, (Tags{{"team", "events"}, {"stage", "raw data"}, {"empty", ""}, {"bare", ""}, {"sign", "a+b c"}}));
  EXPECT_TRUE(parse_tagging_header("")->empty());
  const std::pair<std::string, std::string_view> refused[] = {
      {"a=1&a=2", "InvalidArgument"},
      {"a=%zz", "InvalidArgument"},
      {"a=%f", "InvalidArgument"},
      {"=1", "InvalidArgument"},
      {"a=%ff", "InvalidArgument"},
      {"a=%21", "InvalidTag"},
      {"aws:a=1", "InvalidTag"},
      {std::string(129, 'k') + "=1", "InvalidTag"},
      {"k=" + std::string(257, 'v'), "InvalidTag"},
      {"a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1", "BadRequest"},
  };
  for (const auto& [header, code] : refused) {
    const auto result = parse_tagging_header(header);
    ASSERT_FALSE(result) << header;
    EXPECT_EQ(result.error().code, code) << header;
  }
}

// A body's MD5 is that of its bytes, whatever their size and in whatever pieces they come: on the thread that it comes
// on, and on another where it is large and one is free.
struct Arrival {
  HashThreads& threads;
  std::string bytes;
  std::size_t piece;
  std::promise<std::pair<std::string, bool>> md5 = {};  // and whether it goes on where it began
};

Task<void> arrive(Arrival& arrival) {
  base::Executor* const home = base::Executor::current();
  BodyMd5 md5(arrival.threads);
  std::string_view left = arrival.bytes;
  while (!left.empty()) {
    std::string part(left.substr(0, arrival.piece));
    left.remove_prefix(part.size());
    co_await md5.take(part);
    EXPECT_TRUE(part.empty());
  }
  std::string digest = co_await md5.finish();
  arrival.md5.set_value({std::move(digest), base::Executor::current() == home});
}

TEST(BodyMd5, is_that_of_its_bytes) {
  base::ThreadExecutor first, second;
  HashThreads threads;  // these post to the executors, so they end first
  for (const std::size_t size : {std::size_t{0}, std::size_t{1000}, std::size_t{1} << 20, std::size_t{7'654'321}}) {
    for (const std::size_t piece : {std::size_t{4097}, std::size_t{65'536}, std::size_t{1'000'000}}) {
      std::string bytes(size, '\0');
      for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
      Arrival one{threads, bytes, piece}, other{threads, bytes + "x", piece}, here{threads, bytes, piece};
      first.post([&] { base::spawn(arrive(one)); });
      second.post([&] { base::spawn(arrive(other)); });
      base::spawn(arrive(here));
      EXPECT_EQ(one.md5.get_future().get(), std::pair(aws::md5(bytes), true)) << size << " by " << piece;
      EXPECT_EQ(other.md5.get_future().get(), std::pair(aws::md5(bytes + "x"), true)) << size << " by " << piece;
      EXPECT_EQ(here.md5.get_future().get(), std::pair(aws::md5(bytes), true)) << size << " by " << piece;
    }
  }
}

}  // namespace
}  // namespace localcloud::s3
