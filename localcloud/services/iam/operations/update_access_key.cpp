// Makes an access key inactive, which is refused from then on, or active again.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<UpdateAccessKey::Output> update_access_key(Iam&, const wire::Caller& caller,
                                                        UpdateAccessKey::Input input) {
  if (input.status == AccessKeyStatus::expired) return failure(errors::not_a_status_to_set("Expired"));
  const std::string name = user_meant(caller, input.user_name);
  if (name.empty() && caller.principal.kind != wire::Principal::Kind::root) return failure(errors::must_name_user());
  return [account = caller.account, name,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateAccessKey::Output> {
    AccessKey key = TRY(hold_access_key(transaction, account, name, input.access_key_id));
    key.status = wire::to_wire(input.status);
    save(transaction, key);
    return UpdateAccessKey::Output{};
  };
}

}  // namespace localcloud::iam
