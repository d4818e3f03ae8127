#pragma once
// STS's front desk: what it needs, and one function per operation.

#include <vector>

#include "localcloud/services/sts/api.hpp"
#include "localcloud/services/sts/roles.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::sts {

struct Sts {
  Roles& roles;
};

wire::Service front_desk(Sts& room);

Result<GetCallerIdentity::Output> get_caller_identity(Sts& room, const wire::Caller& caller,
                                                      GetCallerIdentity::Input input);
Result<AssumeRole::Output> assume_role(Sts& room, const wire::Caller& caller, AssumeRole::Input input);

// The role's trust policy decides, with the caller's own.
std::vector<wire::Access> access(Sts& room, const wire::Caller& caller, const AssumeRole::Input& input);

}  // namespace localcloud::sts
