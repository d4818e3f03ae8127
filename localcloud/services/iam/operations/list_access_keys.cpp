// Lists the access keys of a user; of the caller where none is named.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html

#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<ListAccessKeys::Output> list_access_keys(Iam& room, const wire::Caller& caller, ListAccessKeys::Input input) {
  const std::string name = user_meant(caller, input.user_name);
  const bool for_root = name.empty() && caller.principal.kind == wire::Principal::Kind::root;
  if (name.empty() && !for_root) return failure(errors::must_name_user());
  const auto snapshot = room.store.snapshot();
  if (!for_root && !find_user(*snapshot, caller.account, name)) return failure(errors::no_such_user(name));
  ListAccessKeys::Output output;
  for (const AccessKey& key : find_access_keys(*snapshot, caller.account, name)) {
    iam::AccessKeyMetadata shown{.access_key_id = key.id, .status = key.status, .create_date = {key.created}};
    if (!for_root) shown.user_name = key.user_name;
    output.access_key_metadata.push_back(std::move(shown));
  }
  return output;
}

}  // namespace localcloud::iam
