#pragma once
// Every error CloudWatch Logs answers with, worded as AWS words it.

#include <string>

#include "base/result.hpp"

namespace localcloud::logs {

inline ServiceError invalid_parameter(std::string message) {
  return {"InvalidParameterException", std::move(message)};
}
inline ServiceError group_not_found() {
  return {"ResourceNotFoundException", "The specified log group does not exist."};
}
inline ServiceError stream_not_found() {
  return {"ResourceNotFoundException", "The specified log stream does not exist."};
}
inline ServiceError group_already_exists() {
  return {"ResourceAlreadyExistsException", "The specified log group already exists"};
}
inline ServiceError stream_already_exists() {
  return {"ResourceAlreadyExistsException", "The specified log stream already exists"};
}
inline ServiceError invalid_next_token() {
  return invalid_parameter("The specified nextToken is invalid.");
}
inline ServiceError group_not_said() {
  return invalid_parameter("Either logGroupName or logGroupIdentifier must be specified, but not both.");
}
inline ServiceError invalid_arn() {
  return invalid_parameter("Invalid ARN");
}
inline ServiceError not_chronological() {
  return invalid_parameter("Log events in a single PutLogEvents request must be in chronological order.");
}
inline ServiceError batch_too_long() {
  return invalid_parameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
}
inline ServiceError upload_too_large(std::size_t bytes, std::size_t bytes_max) {
  return invalid_parameter("Upload too large: " + std::to_string(bytes) + " bytes exceeds limit of " +
                           std::to_string(bytes_max));
}
inline ServiceError event_too_large(std::size_t bytes, std::size_t bytes_max) {
  return invalid_parameter("Log event too large: " + std::to_string(bytes) + " bytes exceeds limit of " +
                           std::to_string(bytes_max));
}
inline ServiceError invalid_retention(int days) {
  return invalid_parameter("1 validation error detected: Value '" + std::to_string(days) +
                           "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: "
                           "[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
                           "2922, 3288, 3653]");
}
inline ServiceError prefix_with_event_order() {
  return invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
}
inline ServiceError streams_and_prefix() {
  return invalid_parameter("Cannot specify both logStreamNames and logStreamNamePrefix.");
}
inline ServiceError prefix_and_pattern() {
  return invalid_parameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
}
inline ServiceError end_before_start() {
  return invalid_parameter("End time should be greater than or equal to start time.");
}
inline ServiceError too_many_tags() {
  return {"TooManyTagsException", "The resource has too many tags. The maximum number of tags is 50."};
}
inline ServiceError reserved_tag() {
  return invalid_parameter("aws: prefixed tag key names are not allowed for external use.");
}
inline ServiceError class_not_here(std::string_view log_group_class) {
  return invalid_parameter("Log groups of class " + std::string(log_group_class) + " are not supported here.");
}

}  // namespace localcloud::logs
