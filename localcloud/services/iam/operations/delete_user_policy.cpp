// Deletes an inline policy of a user.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<DeleteUserPolicy::Output> delete_user_policy(Iam&, const wire::Caller& caller,
                                                          DeleteUserPolicy::Input input) {
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteUserPolicy::Output> {
    auto user = find_user(transaction, account, input.user_name);
    if (!user) return failure(errors::no_such_user(input.user_name));
    if (user->policies.erase(input.policy_name) == 0) {
      return failure(errors::no_such_user_policy(input.policy_name));
    }
    save(transaction, *user);
    return DeleteUserPolicy::Output{};
  };
}

}  // namespace localcloud::iam
