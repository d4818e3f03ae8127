#pragma once
// Every error that STS answers, in AWS's words.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors

#include <string>

#include "base/result.hpp"

namespace localcloud::sts::errors {

inline ServiceError root_may_not_assume() {
  return {"AccessDenied", "Roles may not be assumed by root accounts.", 403};
}
inline ServiceError not_an_arn(std::string_view text) {
  return {"ValidationError", std::string(text) + " is invalid", 400};
}
inline ServiceError longer_than_role_allows() {
  return {"ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400};
}
inline ServiceError longer_than_chaining_allows() {
  return {"ValidationError",
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", 400};
}
inline ServiceError malformed_policy(std::string problem) {
  return {"MalformedPolicyDocument", std::move(problem), 400};
}
inline ServiceError policy_too_large(std::size_t percent) {
  return {"PackedPolicyTooLarge",
          "Packed policy consumes " + std::to_string(percent) + "% of allotted space, please use smaller policy.", 400};
}

}  // namespace localcloud::sts::errors
