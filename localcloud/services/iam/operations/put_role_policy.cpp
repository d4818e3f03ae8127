// Adds or replaces an inline policy of a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<PutRolePolicy::Output> put_role_policy(Iam&, const wire::Caller& caller, PutRolePolicy::Input input) {
  TRY(check_name("policyName", input.policy_name));
  TRY(check_policy(input.policy_document, policy::DocumentKind::identity));
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<PutRolePolicy::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    role->policies.insert_or_assign(input.policy_name, input.policy_document);
    TRY(check_policies_length(*role, "role", kRolePoliciesMax));
    save(transaction, *role);
    return PutRolePolicy::Output{};
  };
}

}  // namespace localcloud::iam
