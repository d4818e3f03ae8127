#pragma once
// AssumeRole's roles and sessions: IAM joined to STS.

#include "localcloud/services/iam/sessions.hpp"
#include "localcloud/services/sts/roles.hpp"

namespace localcloud {

// Thread-safe.
class AssumedRoles final : public sts::Roles {
 public:
  explicit AssumedRoles(iam::RoleSessions& sessions) : sessions_(sessions) {}
  std::optional<sts::Role> find(std::string_view role_arn) override;
  std::optional<std::string> policy_problem(std::string_view policy) override;
  sts::Session mint(const sts::Role& role, std::string_view session_name, std::int64_t duration_s,
                    const std::optional<std::string>& policy) override;

 private:
  iam::RoleSessions& sessions_;
};

}  // namespace localcloud
