#pragma once
// Conditional requests: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace localcloud::s3 {

struct ReadConditions {
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  std::optional<base::Time> if_modified_since;
  std::optional<base::Time> if_unmodified_since;
};

// Whether a read of an object goes on: PreconditionFailed (412) or NotModified (304) where it doesn't. `etag` is as
// S3 answers it, in quotes. Objects change at a whole second as far as these headers can tell.
Result<Done> check_read(const ReadConditions& conditions, std::string_view etag, base::Time last_modified);

struct WriteConditions {
  std::optional<std::string> if_match;       // an ETag
  std::optional<std::string> if_none_match;  // only "*"
};

// What can be refused before the object is looked at.
Result<Done> check_form(const WriteConditions& conditions);
// Whether a write goes on. `etag` is that of the object there, or nothing.
Result<Done> check_write(const WriteConditions& conditions, std::optional<std::string_view> etag, std::string_view key);

// Whether the header (one ETag, a list, or "*"; in quotes or not) names this ETag.
bool names_etag(std::string_view header, std::string_view etag);

}  // namespace localcloud::s3
