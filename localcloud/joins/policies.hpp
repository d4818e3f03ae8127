#pragma once
// The policies that other rooms keep: IAM's language joined to S3.

#include "localcloud/services/s3/policy_language.hpp"

namespace localcloud {

// Thread-safe.
class BucketPolicies final : public s3::PolicyLanguage {
 public:
  std::optional<std::string> problem(std::string_view policy) const override;
};

}  // namespace localcloud
