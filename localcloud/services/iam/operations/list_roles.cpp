// Lists roles.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListRoles::Output> list_roles(Iam& room, const wire::Caller& caller, ListRoles::Input input) {
  TRY(check_path("pathPrefix", input.path_prefix ? std::optional(*input.path_prefix + "/") : std::nullopt));
  const auto count = static_cast<std::size_t>(input.max_items.value_or(100));
  const std::string after = input.marker.value_or("");
  const auto reader = room.store.snapshot();
  auto found =
      find_roles(*reader, caller.account, input.path_prefix.value_or("/"), {.after = after, .count = count + 1});
  ListRoles::Output output;
  if (found.size() > count) {
    found.pop_back();
    output.is_truncated = true;
    output.marker = found.back().name;
  }
  for (const auto& each : found) output.roles.push_back(show_role(*reader, each));
  return output;
}

}  // namespace localcloud::iam
