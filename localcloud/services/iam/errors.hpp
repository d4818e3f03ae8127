#pragma once
// Every error that IAM answers, in AWS's words.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::iam::errors {

inline ServiceError no_such_entity(std::string message) {
  return {"NoSuchEntity", std::move(message), 404};
}
inline ServiceError no_such_role(std::string_view name) {
  return no_such_entity("The role with name " + std::string(name) + " cannot be found.");
}
inline ServiceError no_such_user(std::string_view name) {
  return no_such_entity("The user with name " + std::string(name) + " cannot be found.");
}
inline ServiceError no_such_role_policy(std::string_view name) {
  return no_such_entity("The role policy with name " + std::string(name) + " cannot be found.");
}
inline ServiceError no_such_user_policy(std::string_view name) {
  return no_such_entity("The user policy with name " + std::string(name) + " cannot be found.");
}
inline ServiceError no_such_access_key(std::string_view id) {
  return no_such_entity("The Access Key with id " + std::string(id) + " cannot be found.");
}

inline ServiceError role_exists(std::string_view name) {
  return {"EntityAlreadyExists", "Role with name " + std::string(name) + " already exists.", 409};
}
inline ServiceError user_exists(std::string_view name) {
  return {"EntityAlreadyExists", "User with name " + std::string(name) + " already exists.", 409};
}

inline ServiceError must_delete_first(std::string_view what) {
  return {"DeleteConflict", "Cannot delete entity, must delete " + std::string(what) + " first.", 409};
}

inline ServiceError quota(std::string_view name, std::size_t limit) {
  return {"LimitExceeded", "Cannot exceed quota for " + std::string(name) + ": " + std::to_string(limit), 409};
}
inline ServiceError policies_too_long(std::string_view kind, std::string_view name, std::size_t limit) {
  return {"LimitExceeded",
          "Maximum policy size of " + std::to_string(limit) + " bytes exceeded for " + std::string(kind) + " " +
              std::string(name),
          409};
}
inline ServiceError too_many_tags() {
  return {"LimitExceeded", "The number of tags has reached the maximum limit.", 409};
}

inline ServiceError malformed_policy(std::string problem) {
  return {"MalformedPolicyDocument", std::move(problem), 400};
}
inline ServiceError validation(std::string message) {
  return {"ValidationError", std::move(message), 400};
}
inline ServiceError bad_name(std::string_view member) {
  return validation("The specified value for " + std::string(member) +
                    " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-");
}
inline ServiceError bad_path(std::string_view member) {
  return validation(
      "The specified value for " + std::string(member) +
      " is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.");
}
inline ServiceError bad_marker() {
  return {"ValidationError", "Invalid Marker.", 400};
}
inline ServiceError duplicate_tags() {
  return {"InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", 400};
}
inline ServiceError not_a_status_to_set(std::string_view status) {
  return {"InvalidInput", "The status " + std::string(status) + " can't be set.", 400};
}
inline ServiceError must_name_user() {
  return validation("Must specify userName when calling with non-User credentials");
}

inline ServiceError service_may_not_assume(std::string_view service, std::string_view role_arn) {
  return {"AccessDenied",
          std::string(service) + " is not authorized to perform: sts:AssumeRole on resource: " + std::string(role_arn),
          403};
}

}  // namespace localcloud::iam::errors
