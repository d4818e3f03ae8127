// Deletes a user that has no policies and no access keys.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<DeleteUser::Output> delete_user(Iam&, const wire::Caller& caller, DeleteUser::Input input) {
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteUser::Output> {
    auto user = find_user(transaction, account, input.user_name);
    if (!user) return failure(errors::no_such_user(input.user_name));
    if (!find_access_keys(transaction, account, user->name).empty()) {
      return failure(errors::must_delete_first("access keys"));
    }
    if (!user->policies.empty()) return failure(errors::must_delete_first("policies"));
    erase(transaction, *user);
    return DeleteUser::Output{};
  };
}

}  // namespace localcloud::iam
