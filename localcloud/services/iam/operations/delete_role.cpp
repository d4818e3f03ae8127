// Deletes a role that has no policies.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<DeleteRole::Output> delete_role(Iam&, const wire::Caller& caller, DeleteRole::Input input) {
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteRole::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    if (!role->policies.empty()) return failure(errors::must_delete_first("policies"));
    erase(transaction, *role);
    return DeleteRole::Output{};
  };
}

}  // namespace localcloud::iam
