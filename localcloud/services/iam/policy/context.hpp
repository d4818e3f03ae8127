#pragma once
// The keys of a request that a policy's conditions and variables ask for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace localcloud::iam::policy {

class Context {
 public:
  virtual ~Context() = default;
  // The values of a key, whose name is given in lower case; nothing where the request doesn't have it.
  virtual std::optional<std::vector<std::string>> find(std::string_view lower_key) const = 0;
};

}  // namespace localcloud::iam::policy
