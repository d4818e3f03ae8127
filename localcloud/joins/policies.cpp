#include "localcloud/joins/policies.hpp"

#include "localcloud/services/iam/policy/document.hpp"

namespace localcloud {

std::optional<std::string> BucketPolicies::problem(std::string_view policy) const {
  const auto document = iam::policy::parse(policy, iam::policy::DocumentKind::resource);
  if (document) return std::nullopt;
  return document.error();
}

}  // namespace localcloud
