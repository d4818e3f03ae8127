// Lists users.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListUsers::Output> list_users(Iam& room, const wire::Caller& caller, ListUsers::Input input) {
  TRY(check_path("pathPrefix", input.path_prefix ? std::optional(*input.path_prefix + "/") : std::nullopt));
  const auto count = static_cast<std::size_t>(input.max_items.value_or(100));
  const std::string after = input.marker.value_or("");
  auto found = find_users(*room.store.snapshot(), caller.account, input.path_prefix.value_or("/"),
                          {.after = after, .count = count + 1});
  ListUsers::Output output;
  if (found.size() > count) {
    found.pop_back();
    output.is_truncated = true;
    output.marker = found.back().name;
  }
  for (const auto& each : found) output.users.push_back(show_user(each));
  return output;
}

}  // namespace localcloud::iam
