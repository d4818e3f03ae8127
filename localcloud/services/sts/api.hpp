#pragma once
// STS's operations: what each takes and answers. No behaviour.
// https://docs.aws.amazon.com/STS/latest/APIReference/

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/wire/access.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::sts {

// Says who the caller is; anyone whose signature holds may ask.
struct GetCallerIdentity {
  static constexpr std::string_view kName = "GetCallerIdentity";
  struct Input {
    static constexpr auto members() { return wire::members(); }
  };
  struct Output {
    std::string user_id;
    std::string account;
    std::string arn;
    static constexpr auto members() {
      return wire::members(wire::optional("UserId", &Output::user_id), wire::optional("Account", &Output::account),
                           wire::optional("Arn", &Output::arn));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) { return {}; }
};

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  wire::Timestamp expiration;
  static constexpr auto members() {
    return wire::members(wire::required("AccessKeyId", &Credentials::access_key_id),
                         wire::required("SecretAccessKey", &Credentials::secret_access_key),
                         wire::required("SessionToken", &Credentials::session_token),
                         wire::required("Expiration", &Credentials::expiration));
  }
};

struct AssumedRoleUser {
  std::string assumed_role_id;
  std::string arn;
  static constexpr auto members() {
    return wire::members(wire::required("AssumedRoleId", &AssumedRoleUser::assumed_role_id),
                         wire::required("Arn", &AssumedRoleUser::arn));
  }
};

bool is_session_name(std::string_view text);

// Credentials of a role, for a while.
struct AssumeRole {
  static constexpr std::string_view kName = "AssumeRole";
  struct Input {
    std::string role_arn;
    std::string role_session_name;
    std::optional<std::string> policy;
    std::optional<std::int32_t> duration_seconds;
    std::optional<std::string> external_id;
    static constexpr auto members() {
      return wire::members(wire::required("RoleArn", &Input::role_arn, wire::length(20, 2048)),
                           wire::required("RoleSessionName", &Input::role_session_name,
                                          wire::pattern("[\\w+=,.@-]*", &is_session_name, 2, 64)),
                           wire::optional("Policy", &Input::policy, wire::length(1, INT64_MAX)),
                           wire::optional("DurationSeconds", &Input::duration_seconds, wire::range(900, 43200)),
                           wire::optional("ExternalId", &Input::external_id, wire::length(2, 1224)),
                           wire::refused("PolicyArns", "Tags", "TransitiveTagKeys", "SerialNumber", "TokenCode",
                                         "SourceIdentity", "ProvidedContexts", "MinimumSessionTokenSize"));
    }
  };
  struct Output {
    Credentials credentials;
    AssumedRoleUser assumed_role_user;
    std::optional<std::int32_t> packed_policy_size;
    static constexpr auto members() {
      return wire::members(wire::optional("Credentials", &Output::credentials),
                           wire::optional("AssumedRoleUser", &Output::assumed_role_user),
                           wire::optional("PackedPolicySize", &Output::packed_policy_size));
    }
  };
};

}  // namespace localcloud::sts
