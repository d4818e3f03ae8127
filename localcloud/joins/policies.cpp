#include "localcloud/joins/policies.hpp"

#include "localcloud/services/iam/principals.hpp"

namespace localcloud {

std::expected<std::string, std::string> Policies::keep(std::string_view policy) const {
  const auto document = iam::policy::parse(policy, iam::policy::DocumentKind::resource);
  if (!document) return std::unexpected(document.error());
  return iam::pin_principals(*store_.snapshot(), policy);
}

std::string Policies::show(std::string_view kept) const {
  return iam::show_principals(*store_.snapshot(), kept);
}

}  // namespace localcloud
