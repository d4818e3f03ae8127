// Changes a role's description and its sessions' longest duration.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<UpdateRole::Output> update_role(Iam&, const wire::Caller& caller, UpdateRole::Input input) {
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateRole::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    if (input.description) role->description = *input.description;
    if (input.max_session_duration) role->session_max_s = *input.max_session_duration;
    save(transaction, *role);
    return UpdateRole::Output{};
  };
}

}  // namespace localcloud::iam
