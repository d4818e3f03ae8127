// Deletes an access key; from then on it is refused.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html

#include "base/text.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<DeleteAccessKey::Output> delete_access_key(Iam&, const wire::Caller& caller,
                                                        DeleteAccessKey::Input input) {
  const std::string name = user_meant(caller, input.user_name);
  const bool for_root = name.empty() && caller.principal.kind == wire::Principal::Kind::root;
  if (name.empty() && !for_root) return failure(errors::must_name_user());
  return [account = caller.account, name, for_root,
          id = input.access_key_id](storage::Transaction& transaction) -> Result<DeleteAccessKey::Output> {
    if (!for_root && !find_user(transaction, account, name)) return failure(errors::no_such_user(name));
    const auto key = find_access_key(transaction, id);
    if (!key || key->account != account || !base::equal_ignoring_case(key->user_name, name)) {
      return failure(errors::no_such_access_key(id));
    }
    erase(transaction, *key);
    return DeleteAccessKey::Output{};
  };
}

}  // namespace localcloud::iam
