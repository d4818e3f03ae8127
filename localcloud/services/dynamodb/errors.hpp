#pragma once
// Every error DynamoDB can answer with, worded as AWS words it.

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::dynamodb {

inline ServiceError validation(std::string message) {
  return {"ValidationException", std::move(message)};
}
inline ServiceError serialization(std::string message) {
  return {"SerializationException", std::move(message)};
}

// A request that is formed well and can't be meant: the words follow "One or more parameter values were invalid: ".
inline ServiceError invalid_parameter(std::string_view words) {
  return validation("One or more parameter values were invalid: " + std::string(words));
}

inline ServiceError table_not_found(std::string_view name) {
  return {"ResourceNotFoundException", "Requested resource not found: Table: " + std::string(name) + " not found"};
}
inline ServiceError resource_not_found() {
  return {"ResourceNotFoundException", "Requested resource not found"};
}
inline ServiceError tag_resource_not_found(std::string_view arn) {
  return {"ResourceNotFoundException", "Requested resource not found: ResourcArn: " + std::string(arn) + " not found"};
}
inline ServiceError index_not_found(std::string_view name) {
  return validation("The table does not have the specified index: " + std::string(name));
}
inline ServiceError table_exists(std::string_view name) {
  return {"ResourceInUseException", "Table already exists: " + std::string(name)};
}
inline ServiceError table_protected() {
  return validation(
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
      "protection first.");
}
inline ServiceError continuous_backups_table_not_found(std::string_view name) {
  return {"TableNotFoundException", "Table not found: " + std::string(name)};
}
inline ServiceError conditional_check_failed() {
  return {"ConditionalCheckFailedException", "The conditional request failed"};
}
inline ServiceError transaction_canceled(const std::string& codes, std::string reasons) {
  return {.code = "TransactionCanceledException",
          .message = "Transaction cancelled, please refer cancellation reasons for specific reasons [" + codes + "]",
          .members = {{"CancellationReasons", std::move(reasons)}}};
}
inline ServiceError one_action_wanted() {
  return validation("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
}
inline ServiceError only_one_action() {
  return validation("TransactItems can only contain one of Check, Put, Update or Delete");
}
inline ServiceError item_named_twice() {
  return validation("Transaction request cannot include multiple operations on one item");
}
// Unlike AWS: the words of this and of other_request_of_token() are ours.
inline ServiceError transaction_too_large() {
  return validation("The aggregate size of the items in the transaction exceeded 4 MBs");
}
inline ServiceError other_request_of_token() {
  return {"IdempotentParameterMismatchException",
          "DynamoDB rejected the request because you retried a request with a different payload but with an idempotent "
          "token that was already used."};
}
inline ServiceError duplicate_item() {
  return {"DuplicateItemException", "Duplicate primary key exists in table"};
}
inline ServiceError key_element_does_not_match() {
  return validation("The provided key element does not match the schema");
}
inline ServiceError item_too_large() {
  return validation("Item size has exceeded the maximum allowed size");
}
inline ServiceError updated_item_too_large() {
  return validation("Item size to update has exceeded the maximum allowed size");
}
inline ServiceError limit_exceeded(std::string message) {
  return {"LimitExceededException", std::move(message)};
}

}  // namespace localcloud::dynamodb
