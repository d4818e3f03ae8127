#pragma once
// Who is asking, once the signature has been checked.

#include <string>
#include <vector>

#include "base/clock.hpp"

namespace localcloud::wire {

// Whom a credential stands for; or an AWS service that acts by itself, for a resource of the account.
struct Principal {
  enum class Kind { anonymous, root, user, assumed_role, service };
  Kind kind = Kind::anonymous;
  std::string account;     // 12 digits
  std::string arn;         // arn:aws:iam::…:root, …:user/name, arn:aws:sts::…:assumed-role/role/session
  std::string id;          // aws:userid: the account for root, AIDA… for a user, AROA…:session for a role
  std::string user_name;   // aws:username; of a user only
  std::string role_arn;    // of an assumed role only: arn:aws:iam::…:role/name
  std::string service;     // of a service only: "lambda.alarms.cloudwatch.amazonaws.com"
  std::string source_arn;  // of a service only: the resource for which it acts
  std::vector<std::string> session_policies;  // JSON; of an assumed role only, each of them must allow too
};

// One request's caller. Plain data, copied into what outlives the request.
struct Caller {
  Principal principal;
  std::string account;  // whose resources the request means: the principal's account
  std::string region;   // from the signature's scope
  std::string request_id;
  std::string source_ip;
  std::string user_agent;
  std::string access_key_id;
  base::Time time;  // when the request came in
};

}  // namespace localcloud::wire
