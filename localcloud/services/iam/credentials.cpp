// Access keys.

#include "localcloud/services/iam/credentials.hpp"

#include "aws/arn.hpp"
#include "base/text.hpp"
#include "localcloud/services/iam/records.hpp"

namespace localcloud::iam {
namespace {

wire::Principal principal_of(const AccessKey& key) {
  if (!key.user_name.empty()) {
    return {.kind = wire::Principal::Kind::user,
            .account = key.account,
            .arn = key.user_arn,
            .id = key.user_id,
            .user_name = key.user_name};
  }
  return {.kind = wire::Principal::Kind::root,
          .account = key.account,
          .arn = aws::make_arn("iam", "", key.account, "root"),
          .id = key.account};
}

}  // namespace

Seal access_key_seal(std::string_view key, base::Ids& ids) {
  return {key, "access key secrets", ids};
}

std::string make_secret(base::Ids& ids) {
  std::string random(30, '\0');
  ids.fill({reinterpret_cast<std::byte*>(random.data()), random.size()});
  return base::to_base64(random);
}

Credentials::Found Credentials::find_session(std::string_view access_key_id, std::string_view session_token) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = opened_.find(std::string(access_key_id));
    if (known != opened_.end() && known->second.token == session_token) return known->second.credential;
  }
  const auto opened = sessions_.open(access_key_id, session_token);
  if (!opened) return std::unexpected(session_token.empty() ? NotFound::unknown_key : NotFound::invalid_token);
  const std::lock_guard lock(mutex_);
  if (opened_.size() >= kSessionsMax) opened_.clear();
  opened_.insert_or_assign(std::string(access_key_id), OpenedSession{std::string(session_token), *opened});
  return *opened;
}

Credentials::Found Credentials::read_key(std::string_view bytes) {
  const AccessKey key = read_access_key(bytes);
  if (key.status != "Active") return std::unexpected(NotFound::unknown_key);
  auto secret = secrets_.open(key.sealed_secret, key.id);
  if (!secret) throw storage::StorageFailure("an access key's secret was not sealed with this data folder's key");
  return wire::Credential{
      .access_key_id = key.id, .secret_access_key = std::move(*secret), .principal = principal_of(key)};
}

std::expected<wire::Credential, Credentials::NotFound> Credentials::find(std::string_view access_key_id,
                                                                         std::string_view session_token) {
  if (access_key_id.starts_with("ASIA")) return find_session(access_key_id, session_token);
  const auto key = keys_.find(store_.current(), access_key_key(access_key_id),
                              [this](std::string_view bytes) { return read_key(bytes); });
  if (!key) return std::unexpected(NotFound::unknown_key);
  if (!session_token.empty()) return std::unexpected(NotFound::invalid_token);
  return *key;
}

Result<RootKey> open_account(storage::Store& store, Seal& secrets, const base::Clock& clock, base::Ids& ids,
                             const GivenAccount& given) {
  return store.write_and_wait<RootKey>([&](storage::Transaction& transaction) -> Result<RootKey> {
    const base::Time now = clock.now();
    if (!has_account(transaction, given.account)) save_account(transaction, given.account, now);
    if (given.access_key_id.empty()) {
      for (const AccessKey& key : find_access_keys(transaction, given.account, "")) {
        if (const auto secret = secrets.open(key.sealed_secret, key.id)) {
          return RootKey{given.account, key.id, *secret};
        }
      }
    }
    RootKey root{given.account, given.access_key_id, given.secret_access_key};
    if (root.access_key_id.empty()) root.access_key_id = "AKIA" + ids.letters_and_digits(16);
    if (root.secret_access_key.empty()) root.secret_access_key = make_secret(ids);
    AccessKey key{.id = root.access_key_id, .account = root.account, .created = now};
    if (const auto existing = find_access_key(transaction, key.id)) {
      if (existing->account != root.account || !existing->user_name.empty()) {
        return failure({"AccessKeyInUse", "The access key " + key.id + " belongs to somebody else.", 409});
      }
      key = *existing;
      const bool is_same = secrets.open(key.sealed_secret, key.id) == root.secret_access_key;
      if (is_same && key.status == "Active") return root;
      key.status = "Active";  // Unlike AWS: who has the data folder can't lock himself out
    }
    key.sealed_secret = secrets.close(root.secret_access_key, key.id);
    save(transaction, key);
    return root;
  });
}

}  // namespace localcloud::iam
