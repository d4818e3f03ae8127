#pragma once
// Tags of buckets and objects. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace localcloud::s3 {

struct Tag {
  std::string key;
  std::string value;
  bool operator==(const Tag&) const = default;
};
using Tags = std::vector<Tag>;

inline constexpr std::size_t kObjectTagsMax = 10;
inline constexpr std::size_t kBucketTagsMax = 50;

// Lengths, characters, names given twice, and how many there are.
Result<Done> check_tags(const Tags& tags, std::size_t count_max);

// The x-amz-tagging header: "team=events&stage=raw", encoded as a URL's query.
Result<Tags> parse_tagging_header(std::string_view header);

}  // namespace localcloud::s3
