// Replaces a role's trust policy.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<UpdateAssumeRolePolicy::Output> update_assume_role_policy(Iam&, const wire::Caller& caller,
                                                                       UpdateAssumeRolePolicy::Input input) {
  TRY(check_trust(input.policy_document));
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateAssumeRolePolicy::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    role->trust = TRY(pin_trust(transaction, input.policy_document));
    save(transaction, *role);
    return UpdateAssumeRolePolicy::Output{};
  };
}

}  // namespace localcloud::iam
