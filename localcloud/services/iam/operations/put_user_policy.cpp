// Adds or replaces an inline policy of a user.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<PutUserPolicy::Output> put_user_policy(Iam&, const wire::Caller& caller, PutUserPolicy::Input input) {
  TRY(check_name("policyName", input.policy_name));
  TRY(check_policy(input.policy_document, policy::DocumentKind::identity));
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<PutUserPolicy::Output> {
    auto user = find_user(transaction, account, input.user_name);
    if (!user) return failure(errors::no_such_user(input.user_name));
    user->policies.insert_or_assign(input.policy_name, input.policy_document);
    TRY(check_policies_length(*user, "user", kUserPoliciesMax));
    save(transaction, *user);
    return PutUserPolicy::Output{};
  };
}

}  // namespace localcloud::iam
