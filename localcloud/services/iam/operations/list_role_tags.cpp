// Lists a role's tags.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListRoleTags::Output> list_role_tags(Iam& room, const wire::Caller& caller, ListRoleTags::Input input) {
  const auto role = find_role(*room.store.snapshot(), caller.account, input.role_name);
  if (!role) return failure(errors::no_such_role(input.role_name));
  NamePage page = page_of(names_of(role->tags), input.marker, input.max_items);
  ListRoleTags::Output output{.is_truncated = page.is_truncated, .marker = std::move(page.marker)};
  for (const std::string& key : page.names) output.tags.push_back({.key = key, .value = role->tags.at(key)});
  return output;
}

}  // namespace localcloud::iam
