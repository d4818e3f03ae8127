// AssumeRole's roles and sessions: IAM joined to STS.

#include "localcloud/joins/assumed_roles.hpp"

#include "localcloud/services/iam/policy/document.hpp"

namespace localcloud {

std::optional<sts::Role> AssumedRoles::find(std::string_view role_arn) {
  const auto role = sessions_.find_role(role_arn);
  if (!role) return std::nullopt;
  return sts::Role{.arn = role->arn,
                   .id = role->id,
                   .account = role->account,
                   .name = role->name,
                   .trust_policy = role->trust,
                   .session_max_s = role->session_max_s};
}

std::optional<std::string> AssumedRoles::policy_problem(std::string_view policy) {
  const auto document = iam::policy::parse(policy, iam::policy::DocumentKind::identity);
  if (document) return std::nullopt;
  return document.error();
}

sts::Session AssumedRoles::mint(const sts::Role& role, std::string_view session_name, std::int64_t duration_s,
                                const std::optional<std::string>& policy) {
  std::vector<std::string> policies;
  if (policy) policies.push_back(*policy);
  iam::SessionCredentials minted =
      sessions_.mint({.arn = role.arn, .id = role.id, .account = role.account, .name = role.name}, session_name,
                     duration_s, std::move(policies));
  return {.access_key_id = std::move(minted.access_key_id),
          .secret_access_key = std::move(minted.secret_access_key),
          .session_token = std::move(minted.session_token),
          .expires = minted.expires,
          .arn = std::move(minted.principal.arn),
          .id = std::move(minted.principal.id)};
}

}  // namespace localcloud
