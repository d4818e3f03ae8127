// Lists the inline policies of a user.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListUserPolicies::Output> list_user_policies(Iam& room, const wire::Caller& caller,
                                                    ListUserPolicies::Input input) {
  const auto user = find_user(*room.store.snapshot(), caller.account, input.user_name);
  if (!user) return failure(errors::no_such_user(input.user_name));
  NamePage page = page_of(names_of(user->policies), input.marker, input.max_items);
  return ListUserPolicies::Output{
      .policy_names = std::move(page.names), .is_truncated = page.is_truncated, .marker = std::move(page.marker)};
}

}  // namespace localcloud::iam
