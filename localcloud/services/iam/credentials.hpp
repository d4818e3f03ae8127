#pragma once
// Access keys: whose they are, and how an account comes to its first.

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "localcloud/services/iam/seal.hpp"
#include "localcloud/services/iam/sessions.hpp"
#include "localcloud/storage/kept.hpp"
#include "localcloud/wire/verify.hpp"

namespace localcloud::iam {

// What access keys' secrets are sealed with. `key`: the data folder's 32 bytes.
Seal access_key_seal(std::string_view key, base::Ids& ids);

// The lookup that signatures are verified with: root keys, users' keys, sessions. Thread-safe. A key that was deleted
// or made inactive is refused as soon as that was acknowledged.
class Credentials final : public wire::CredentialSource {
 public:
  Credentials(storage::Store& store, Seal secrets, const RoleSessions& sessions)
      : store_(store), secrets_(std::move(secrets)), sessions_(sessions) {}

  std::expected<wire::Credential, NotFound> find(std::string_view access_key_id,
                                                 std::string_view session_token) override;

 private:
  using Found = std::expected<wire::Credential, NotFound>;
  Found read_key(std::string_view bytes);
  Found find_session(std::string_view access_key_id, std::string_view session_token);

  struct OpenedSession {
    std::string token;
    wire::Credential credential;
  };
  static constexpr std::size_t kSessionsMax = 4096;
  storage::Store& store_;
  Seal secrets_;
  const RoleSessions& sessions_;
  storage::Kept<Found> keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, OpenedSession> opened_;  // by access key id
};

struct RootKey {
  std::string account;
  std::string access_key_id;
  std::string secret_access_key;
};

// Makes the account where it isn't there yet, with the given root access key or else a random one; where it is, sees to
// it that a given key works. Answers a root key that works. An error where the key id belongs to somebody else. For
// start-up: it waits for the disk.
struct GivenAccount {
  std::string account;            // 12 digits
  std::string access_key_id;      // empty: a random one
  std::string secret_access_key;  // likewise
};
Result<RootKey> open_account(storage::Store& store, Seal& secrets, const base::Clock& clock, base::Ids& ids,
                             const GivenAccount& given);

// 40 characters.
std::string make_secret(base::Ids& ids);

}  // namespace localcloud::iam
