#pragma once
// What Lambda needs of IAM and STS: may it assume a role, and credentials of that role. main.cpp joins it.

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace localcloud::lambda {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  base::Time expires_at;
};

// Thread-safe.
class RoleCredentials {
 public:
  virtual ~RoleCredentials() = default;
  // False where the role doesn't exist or its trust policy doesn't let lambda.amazonaws.com assume it. Answers at once.
  virtual bool can_assume(const std::string& role_arn) = 0;
  // A session of the role for lambda.amazonaws.com, named `session_name`, good for some hours. It may resume anywhere.
  virtual Task<Result<Credentials>> mint(std::string role_arn, std::string session_name) = 0;
};

}  // namespace localcloud::lambda
