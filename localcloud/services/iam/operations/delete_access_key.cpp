// Deletes an access key; from then on it is refused.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<DeleteAccessKey::Output> delete_access_key(Iam&, const wire::Caller& caller,
                                                        DeleteAccessKey::Input input) {
  const std::string name = user_meant(caller, input.user_name);
  if (name.empty() && caller.principal.kind != wire::Principal::Kind::root) return failure(errors::must_name_user());
  return [account = caller.account, name,
          id = input.access_key_id](storage::Transaction& transaction) -> Result<DeleteAccessKey::Output> {
    erase(transaction, TRY(hold_access_key(transaction, account, name, id)));
    return DeleteAccessKey::Output{};
  };
}

}  // namespace localcloud::iam
