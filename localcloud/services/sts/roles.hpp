#pragma once
// What STS needs of IAM: roles, and sessions of them. main.cpp joins it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace localcloud::sts {

struct Role {
  std::string arn;
  std::string id;
  std::string account;
  std::string name;
  std::string trust_policy;
  std::int64_t session_max_s = 3600;
};

struct Session {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  base::Time expires;
  std::string arn;  // arn:aws:sts::<account>:assumed-role/<role>/<session>
  std::string id;   // AROA…:<session>
};

// Thread-safe.
class Roles {
 public:
  virtual ~Roles() = default;
  virtual std::optional<Role> find(std::string_view role_arn) = 0;
  // What is wrong with a session's policy, in AWS's words; nothing where it is good.
  virtual std::optional<std::string> policy_problem(std::string_view policy) = 0;
  // For a caller who has been allowed to assume the role.
  virtual Session mint(const Role& role, std::string_view session_name, std::int64_t duration_s,
                       const std::optional<std::string>& policy) = 0;
};

}  // namespace localcloud::sts
