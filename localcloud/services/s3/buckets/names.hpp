#pragma once
// What buckets and keys may be called. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::s3 {

inline constexpr std::size_t kKeyLengthMax = 1024;

bool is_valid_bucket_name(std::string_view name);

// Whether an object can have this key: UTF-8 and no longer than 1,024 bytes. An empty key is the bucket's, not an
// object's, so the router never asks.
Result<Done> check_key(std::string_view key);

}  // namespace localcloud::s3
