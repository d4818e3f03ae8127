#pragma once
// Listing a bucket: which keys and which common prefixes make one page. It sees keys in order and knows no store. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace localcloud::s3 {

inline constexpr std::size_t kPageKeysMax = 1000;

struct ListingQuery {
  std::string prefix;
  std::string delimiter;  // empty: every key by itself
  std::string after;      // only what sorts after this; a common prefix counts by its own name
  std::size_t keys_max = kPageKeysMax;
};

// Offer it the bucket's keys in ascending order, from first_key() on, until it says stop or there are none left.
class Listing {
 public:
  explicit Listing(ListingQuery query);

  // No key below this one is of interest.
  const std::string& first_key() const { return first_key_; }

  enum class Verdict {
    take,  // the key is in the page
    skip,  // it isn't, and neither is any key below skip_to()
    stop,  // the page is complete, and this key comes after it or isn't under the prefix
  };
  Verdict offer(std::string_view key);
  // The key to go on with after `skip`.
  const std::string& skip_to() const { return skip_to_; }

  const std::vector<std::string>& common_prefixes() const { return common_prefixes_; }
  std::size_t size() const { return size_; }  // keys and common prefixes
  bool is_truncated() const { return truncated_; }
  // The last key or common prefix of the page, which is what the next page begins after.
  const std::string& last() const { return last_; }

 private:
  // The common prefix that this key is rolled up into, if any.
  std::optional<std::string_view> common_prefix_of(std::string_view key) const;

  ListingQuery query_;
  std::string first_key_;
  std::string skip_to_;
  std::vector<std::string> common_prefixes_;
  std::size_t size_ = 0;
  bool truncated_ = false;
  std::string last_;
};

// Continuation tokens are opaque to clients; ours say what the next page begins after.
std::string make_continuation_token(std::string_view last);
std::optional<std::string> read_continuation_token(std::string_view token);

// A key as encoding-type=url writes it: UTF-8 as %XX, a space as "+", "/" as it is.
std::string encode_key(std::string_view key);

}  // namespace localcloud::s3
