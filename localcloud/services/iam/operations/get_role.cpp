// Answers a role with its trust policy.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<GetRole::Output> get_role(Iam& room, const wire::Caller& caller, GetRole::Input input) {
  const auto reader = room.store.snapshot();
  const auto role = find_role(*reader, caller.account, input.role_name);
  if (!role) return failure(errors::no_such_role(input.role_name));
  GetRole::Output output{.role = show_role(*reader, *role)};
  if (!role->tags.empty()) output.role.tags = show_tags(role->tags);
  output.role.role_last_used.emplace();  // Unlike AWS: always empty.
  return output;
}

}  // namespace localcloud::iam
