#pragma once
// Every error this room answers, in AWS's words.

#include <string>

#include "base/result.hpp"

namespace localcloud::stepfunctions {

inline ServiceError invalid_arn(const std::string& why) {
  return {"InvalidArn", "Invalid Arn: '" + why + "'"};
}
inline ServiceError invalid_name(const std::string& name) {
  return {"InvalidName", "Invalid Name: '" + name + "'"};
}
inline ServiceError invalid_definition(const std::string& flaws) {
  return {"InvalidDefinition", "Invalid State Machine Definition: '" + flaws + "'"};
}
inline ServiceError invalid_execution_input(const std::string& why) {
  return {"InvalidExecutionInput", "Invalid State Machine Execution Input: '" + why + "'"};
}
inline ServiceError invalid_token() {
  return {"InvalidToken", "Invalid Token: 'Invalid token'"};
}
inline ServiceError no_log_destination() {
  return {"InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination."};
}
inline ServiceError bad_log_destination(const std::string& arn) {
  return {"InvalidLoggingConfiguration",
          "Invalid Logging Configuration: The CloudWatch Logs Log Group ARN is not valid: " + arn};
}
inline ServiceError may_not_deliver_logs() {
  return {"AccessDeniedException", "The state machine IAM Role is not authorized to access the Log Destination"};
}
inline ServiceError state_machine_exists(const std::string& arn) {
  return {"StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'"};
}
inline ServiceError no_such_state_machine(const std::string& arn) {
  return {"StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'"};
}
inline ServiceError execution_exists(const std::string& arn) {
  return {"ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'"};
}
inline ServiceError no_such_execution(const std::string& arn) {
  return {"ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'"};
}
inline ServiceError execution_limit_exceeded() {
  return {"ExecutionLimitExceeded", "The maximum number of running executions has been reached."};
}
// What Express executions, whose number AWS doesn't limit, are answered where there are too many.
inline ServiceError rate_exceeded() {
  return {"ThrottlingException", "Rate exceeded"};
}
inline ServiceError type_not_supported() {
  return {"StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"};
}
inline ServiceError nothing_to_update() {
  return {"MissingRequiredParameter",
          "Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the "
          "EncryptionConfiguration must be specified"};
}
inline ServiceError no_such_resource(const std::string& arn) {
  return {"ResourceNotFound", "Resource not found: '" + arn + "'"};
}
inline ServiceError too_many_tags(const std::string& arn) {
  return {"TooManyTags", "Too many tags on the resource: '" + arn + "'"};
}
inline ServiceError invalid_tag(const std::string& why) {
  return {"ValidationException", why};
}

}  // namespace localcloud::stepfunctions
