// Lists the managed policies of a role, of which there are none.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListAttachedRolePolicies::Output> list_attached_role_policies(Iam& room, const wire::Caller& caller,
                                                                     ListAttachedRolePolicies::Input input) {
  if (!find_role(*room.store.snapshot(), caller.account, input.role_name)) {
    return failure(errors::no_such_role(input.role_name));
  }
  return ListAttachedRolePolicies::Output{};
}

}  // namespace localcloud::iam
