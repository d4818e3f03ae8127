// Answers an inline policy of a user.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html

#include "aws/sigv4.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<GetUserPolicy::Output> get_user_policy(Iam& room, const wire::Caller& caller, GetUserPolicy::Input input) {
  const auto user = find_user(*room.store.snapshot(), caller.account, input.user_name);
  if (!user) return failure(errors::no_such_user(input.user_name));
  const auto found = user->policies.find(input.policy_name);
  if (found == user->policies.end()) return failure(errors::no_such_user_policy(input.policy_name));
  return GetUserPolicy::Output{
      .user_name = user->name, .policy_name = found->first, .policy_document = aws::uri_encode(found->second)};
}

}  // namespace localcloud::iam
