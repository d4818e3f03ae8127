#pragma once
// Sessions of roles. Nothing is stored: a session's token carries the session itself, sealed, so that it survives a
// restart and ends by its expiry. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "localcloud/services/iam/policy/document.hpp"
#include "localcloud/services/iam/seal.hpp"
#include "localcloud/storage/kept.hpp"
#include "localcloud/wire/caller.hpp"
#include "localcloud/wire/verify.hpp"

namespace localcloud::iam {

struct SessionCredentials {
  std::string access_key_id;  // ASIA…
  std::string secret_access_key;
  std::string session_token;
  base::Time expires;
  wire::Principal principal;
};

// A role as those who assume it need to know it.
struct RoleToAssume {
  std::string arn;
  std::string id;
  std::string account;
  std::string name;
  std::string trust;
  std::int64_t session_max_s = 3600;
};

// Unlike AWS: a session ends by its expiry or with its role; it can't be revoked by a date. Thread-safe.
class RoleSessions {
 public:
  // `key`: the data folder's 32 bytes.
  RoleSessions(storage::Store& store, std::string_view key, const base::Clock& clock, base::Ids& ids);

  std::optional<RoleToAssume> find_role(std::string_view role_arn);

  // Credentials for whoever has been allowed to assume the role.
  SessionCredentials mint(const RoleToAssume& role, std::string_view session_name, std::int64_t duration_s,
                          std::vector<std::string> session_policies);

  // A service that acts under a role: Lambda for a function's environment, Step Functions for an execution's calls.
  struct ServiceRequest {
    std::string role_arn;
    std::string service;         // "lambda.amazonaws.com"
    std::string session_name;    // the function's name; the execution's
    std::string source_arn;      // aws:SourceArn: the function, the state machine
    std::string source_account;  // aws:SourceAccount
    std::int64_t duration_s = 3600;
  };
  // AccessDenied where there is no such role, or its trust policy doesn't let the service assume it.
  Result<SessionCredentials> mint_for_service(const ServiceRequest& request);
  // The same question without the credentials, and the principal that calls within the process are made under.
  Result<wire::Principal> principal_for_service(const ServiceRequest& request);

  // What a session token stands for; nothing where it isn't one of ours, or not that key's.
  std::optional<wire::Credential> open(std::string_view access_key_id, std::string_view session_token) const;

 private:
  struct KeptRole {
    RoleToAssume role;
    std::optional<policy::Document> trust;  // nothing: it can't be read, and lets nobody in
  };
  static KeptRole read_kept_role(std::string_view bytes);
  std::shared_ptr<const KeptRole> kept_role(std::string_view role_arn);
  Result<std::shared_ptr<const KeptRole>> trusted(const ServiceRequest& request);

  storage::Store& store_;
  storage::Kept<KeptRole> roles_;
  Seal seal_;
  const base::Clock& clock_;
  base::Ids& ids_;
};

// The characters of a role session's name.
bool is_session_name(std::string_view text);

}  // namespace localcloud::iam
