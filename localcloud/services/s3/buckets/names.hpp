#pragma once
// What buckets and keys may be called, and how a request says which it means. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::s3 {

inline constexpr std::size_t kKeyLengthMax = 1024;

bool is_valid_bucket_name(std::string_view name);

// Whether an object can have this key: UTF-8 and no longer than 1,024 bytes. An empty key is the bucket's, not an
// object's, so the router never asks.
Result<Done> check_key(std::string_view key);

// The bucket that a virtual-hosted request to S3 names in its Host header: "logs" of
// "logs.s3.us-east-1.localhost:4566", of "logs.s3.localhost" and of "logs.localhost". Nothing where the host is the
// endpoint itself.
std::optional<std::string> bucket_of_host(std::string_view host);

}  // namespace localcloud::s3
