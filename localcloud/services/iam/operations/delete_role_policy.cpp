// Deletes an inline policy of a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<DeleteRolePolicy::Output> delete_role_policy(Iam&, const wire::Caller& caller,
                                                          DeleteRolePolicy::Input input) {
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteRolePolicy::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    if (role->policies.erase(input.policy_name) == 0) {
      return failure(errors::no_such_role_policy(input.policy_name));
    }
    save(transaction, *role);
    return DeleteRolePolicy::Output{};
  };
}

}  // namespace localcloud::iam
