#pragma once
// What S3 needs of IAM before it keeps a bucket's policy. main.cpp joins it.

#include <optional>
#include <string>
#include <string_view>

namespace localcloud::s3 {

// Thread-safe.
class PolicyLanguage {
 public:
  virtual ~PolicyLanguage() = default;
  // What keeps IAM from evaluating the policy of a resource, in IAM's words; nothing where it can.
  virtual std::optional<std::string> problem(std::string_view policy) const = 0;
};

}  // namespace localcloud::s3
