// Answers an inline policy of a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html

#include "aws/sigv4.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<GetRolePolicy::Output> get_role_policy(Iam& room, const wire::Caller& caller, GetRolePolicy::Input input) {
  const auto role = find_role(*room.store.snapshot(), caller.account, input.role_name);
  if (!role) return failure(errors::no_such_role(input.role_name));
  const auto found = role->policies.find(input.policy_name);
  if (found == role->policies.end()) return failure(errors::no_such_role_policy(input.policy_name));
  return GetRolePolicy::Output{
      .role_name = role->name, .policy_name = found->first, .policy_document = aws::uri_encode(found->second)};
}

}  // namespace localcloud::iam
