#pragma once
// What a request needs to be allowed to do. IAM decides (services/iam/policy); main.cpp joins it in.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "localcloud/wire/caller.hpp"

namespace localcloud::wire {

struct Access {
  std::string action;    // "s3:GetObject"
  std::string resource;  // an ARN, or "*" where the action has no resource
  // Condition keys beyond the global ones (aws:…), with their values: {"s3:prefix", {"raw/"}}.
  std::vector<std::pair<std::string, std::vector<std::string>>> context = {};
  std::optional<std::string> resource_policy = {};  // JSON: the policy attached to the resource
  std::string resource_account = {};                // whose the resource is; empty: the caller's account
};

// Thread-safe. Fails closed: what no policy allows is denied.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  // Nothing where the caller may; else the sentence that AWS gives as the reason.
  virtual std::optional<std::string> denial(const Caller& caller, const Access& access) = 0;
};

}  // namespace localcloud::wire
