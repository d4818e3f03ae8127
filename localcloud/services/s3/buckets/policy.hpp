#pragma once
// What may be a bucket's policy, and whether it lets the public in. IAM evaluates it; this room only keeps it. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html

#include <string_view>

#include "base/result.hpp"

namespace localcloud::s3 {

inline constexpr std::size_t kPolicyLengthMax = 20 * 1024;
inline constexpr std::string_view kInvalidPrincipal = "Invalid principal in policy";
inline constexpr std::string_view kInvalidSyntax = "Invalid policy syntax.";

// MalformedPolicy, with AWS's reason, where it can't be this bucket's policy.
Result<Done> check_bucket_policy(std::string_view text, std::string_view bucket);

// Whether some statement allows anybody, without a condition that ties it down to someone. For a policy that was taken.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
bool is_public_policy(std::string_view text);

}  // namespace localcloud::s3
