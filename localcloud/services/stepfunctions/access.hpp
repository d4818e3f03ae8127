#pragma once
// What the operations ask IAM for. Pure.

#include <string>
#include <vector>

#include "aws/arn.hpp"
#include "localcloud/services/stepfunctions/names.hpp"
#include "localcloud/wire/access.hpp"

namespace localcloud::stepfunctions {

inline std::string machine_arn(const wire::Caller& caller, const std::string& name) {
  return MachineId{caller.account, caller.region, name}.arn();
}

// The action on a state machine or an execution, which belongs to the account that its ARN names.
inline std::vector<wire::Access> machine_access(const wire::Caller& caller, std::string action,
                                                const std::string& arn) {
  wire::Access access{std::move(action), arn};
  const std::optional<aws::Arn> parsed = aws::parse_arn(arn);
  if (parsed && parsed->account != caller.account) access.resource_account = parsed->account;
  return {std::move(access)};
}

// That the caller may give this role to Step Functions.
inline wire::Access pass_role(const std::string& role_arn) {
  return {"iam:PassRole", role_arn, {{"iam:PassedToService", {"states.amazonaws.com"}}}};
}

}  // namespace localcloud::stepfunctions
