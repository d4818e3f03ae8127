// Lists the instance profiles of a role, of which there are none.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListInstanceProfilesForRole::Output> list_instance_profiles_for_role(Iam& room, const wire::Caller& caller,
                                                                            ListInstanceProfilesForRole::Input input) {
  if (!find_role(*room.store.snapshot(), caller.account, input.role_name)) {
    return failure(errors::no_such_role(input.role_name));
  }
  return ListInstanceProfilesForRole::Output{};
}

}  // namespace localcloud::iam
