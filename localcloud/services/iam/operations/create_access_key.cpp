// Makes an access key for a user; for the caller where none is named.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html

#include "localcloud/services/iam/credentials.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

namespace {
constexpr std::size_t kAccessKeysMax = 2;
}

wire::Change<CreateAccessKey::Output> create_access_key(Iam& room, const wire::Caller& caller,
                                                        CreateAccessKey::Input input) {
  const std::string name = user_meant(caller, input.user_name);
  const bool for_root = name.empty() && caller.principal.kind == wire::Principal::Kind::root;
  if (name.empty() && !for_root) return failure(errors::must_name_user());
  const std::string secret = make_secret(room.ids);
  AccessKey key{.id = "AKIA" + room.ids.letters_and_digits(16),
                .account = caller.account,
                .user_name = name,
                .created = caller.time};
  key.sealed_secret = room.secrets.close(secret, key.id);
  return [key = std::move(key), secret](storage::Transaction& transaction) -> Result<CreateAccessKey::Output> {
    AccessKey made = key;
    if (!key.user_name.empty()) {
      const auto user = find_user(transaction, key.account, key.user_name);
      if (!user) return failure(errors::no_such_user(key.user_name));
      made.user_name = user->name;
      made.user_id = user->id;
      made.user_arn = user->arn();
    }
    if (find_access_keys(transaction, key.account, key.user_name).size() >= kAccessKeysMax) {
      return failure(errors::quota("AccessKeysPerUser", kAccessKeysMax));
    }
    save(transaction, made);
    CreateAccessKey::Output output{.access_key = {.access_key_id = made.id,
                                                  .status = made.status,
                                                  .secret_access_key = secret,
                                                  .create_date = {made.created}}};
    if (!made.user_name.empty()) output.access_key.user_name = made.user_name;
    return output;
  };
}

}  // namespace localcloud::iam
