// Pages of a bucket, against a plain reading of the rules and case by case.

#include "localcloud/services/s3/objects/listing.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/ids.hpp"

namespace localcloud::s3 {
namespace {

struct Page {
  std::vector<std::string> keys;
  std::vector<std::string> prefixes;
  bool truncated = false;
  std::string last;
  bool operator==(const Page&) const = default;
};

Page list(const std::set<std::string>& bucket, const ListingQuery& query) {
  Listing listing(query);
  Page page;
  for (auto at = bucket.lower_bound(listing.first_key()); at != bucket.end();) {
    const auto verdict = listing.offer(*at);
    if (verdict == Listing::Verdict::stop) break;
    if (verdict == Listing::Verdict::take) page.keys.push_back(*at++);
    if (verdict == Listing::Verdict::skip) at = bucket.lower_bound(listing.skip_to());
  }
  page.prefixes = listing.common_prefixes();
  page.truncated = listing.is_truncated();
  page.last = listing.last();
  EXPECT_EQ(listing.size(), page.keys.size() + page.prefixes.size());
  return page;
}

const std::set<std::string> kBucket = {"a",        "photos/2006/01.jpg", "photos/2006/02.jpg", "photos/2007/01.jpg",
                                       "photos/x", "photosynthesis",     "raw//double",        "raw/1",
                                       "z/z/z"};

// Prefix, delimiter and start-after, as the user guide describes them.
TEST(Listing, rolls_keys_up) {
  EXPECT_EQ(list(kBucket, {.delimiter = "/"}).keys, (std::vector<std::string>{"a", "photosynthesis"}));
  EXPECT_EQ(list(kBucket, {.delimiter = "/"}).prefixes, (std::vector<std::string>{"photos/", "raw/", "z/"}));
  EXPECT_EQ(list(kBucket, {.prefix = "photos/", .delimiter = "/"}).prefixes,
            (std::vector<std::string>{"photos/2006/", "photos/2007/"}));
  EXPECT_EQ(list(kBucket, {.prefix = "photos/", .delimiter = "/"}).keys, (std::vector<std::string>{"photos/x"}));
  EXPECT_EQ(list(kBucket, {.prefix = "photos"}).keys.size(), 5u);
  EXPECT_EQ(list(kBucket, {.prefix = "raw/", .delimiter = "/"}).prefixes, (std::vector<std::string>{"raw//"}));
  EXPECT_EQ(list(kBucket, {.delimiter = "o/"}).prefixes, (std::vector<std::string>{}));
  EXPECT_EQ(list(kBucket, {.delimiter = "os/2006"}).prefixes, (std::vector<std::string>{"photos/2006"}));
  EXPECT_EQ(list(kBucket, {.after = "photos/x"}).keys,
            (std::vector<std::string>{"photosynthesis", "raw//double", "raw/1", "z/z/z"}));
  EXPECT_EQ(list(kBucket, {.prefix = "raw/", .after = "photos"}).keys.size(), 2u);
  EXPECT_EQ(list(kBucket, {.prefix = "photos", .after = "z"}).keys.size(), 0u);
  // A prefix that sorts before the place to begin after isn't listed, though keys under it come later.
  EXPECT_EQ(list(kBucket, {.delimiter = "/", .after = "photos/2006/01.jpg"}).prefixes,
            (std::vector<std::string>{"raw/", "z/"}));
}

// A page of nothing has no next page; a page that is exactly full has none either.
TEST(Listing, is_truncated_only_if_there_is_more) {
  EXPECT_EQ(list(kBucket, {.keys_max = 0}), Page{});
  EXPECT_FALSE(list(kBucket, {.keys_max = kBucket.size()}).truncated);
  EXPECT_TRUE(list(kBucket, {.keys_max = kBucket.size() - 1}).truncated);
  EXPECT_FALSE(list(kBucket, {.prefix = "photos/", .keys_max = 4}).truncated);
  EXPECT_TRUE(list(kBucket, {.delimiter = "/", .keys_max = 2}).truncated);
  EXPECT_EQ(list(kBucket, {.delimiter = "/", .keys_max = 2}).last, "photos/");
}

// Whatever the keys and the size of a page, the pages together are the listing, in order and with nothing twice.
TEST(Listing, pages_add_up) {
  base::SeededIds ids(11);
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> bucket;
    for (std::uint64_t i = ids.below(40); i > 0; --i) {
      std::string key;
      for (std::uint64_t length = 1 + ids.below(6); length > 0; --length) key += "ab/"[ids.below(3)];
      bucket.insert(key);
    }
    const std::string prefixes[] = {"", "a", "a/", "b/a"};
    const std::string delimiters[] = {"", "/", "a/", "//"};
    ListingQuery query{.prefix = prefixes[ids.below(4)], .delimiter = delimiters[ids.below(4)]};
    const Page whole = list(bucket, query);
    Page sum;
    query.keys_max = 1 + ids.below(4);
    for (int pages = 0; pages < 100; ++pages) {
      const Page page = list(bucket, query);
      sum.keys.insert(sum.keys.end(), page.keys.begin(), page.keys.end());
      sum.prefixes.insert(sum.prefixes.end(), page.prefixes.begin(), page.prefixes.end());
      if (!page.truncated) break;
      query.after = *read_continuation_token(make_continuation_token(page.last));
    }
    EXPECT_EQ(sum.keys, whole.keys);
    EXPECT_EQ(sum.prefixes, whole.prefixes);
  }
}

// A token that we didn't make is refused.
TEST(Listing, tokens_are_ours) {
  EXPECT_EQ(read_continuation_token(make_continuation_token("a key/ü")), "a key/ü");
  for (const std::string_view bad : {"", "x", "!!!!", "Mg==", "Mf8="})
    EXPECT_FALSE(read_continuation_token(bad)) << bad;
}

// encoding-type=url writes a form's encoding, and leaves slashes.
TEST(Listing, encodes_keys) {
  EXPECT_EQ(encode_key("a b/c+d"), "a+b/c%2Bd");
  EXPECT_EQ(encode_key("Füße\x01~=&.-_*"), "F%C3%BC%C3%9Fe%01%7E%3D%26.-_*");
}

}  // namespace
}  // namespace localcloud::s3
