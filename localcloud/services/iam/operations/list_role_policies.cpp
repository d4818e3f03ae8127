// Lists the inline policies of a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListRolePolicies::Output> list_role_policies(Iam& room, const wire::Caller& caller,
                                                    ListRolePolicies::Input input) {
  const auto role = find_role(*room.store.snapshot(), caller.account, input.role_name);
  if (!role) return failure(errors::no_such_role(input.role_name));
  NamePage page = page_of(names_of(role->policies), input.marker, input.max_items);
  return ListRolePolicies::Output{
      .policy_names = std::move(page.names), .is_truncated = page.is_truncated, .marker = std::move(page.marker)};
}

}  // namespace localcloud::iam
