#pragma once
// PartiQL's operations: requests and responses.

#include "localcloud/services/dynamodb/api_common.hpp"

namespace localcloud::dynamodb {

struct ExecuteStatement {
  static constexpr std::string_view kName = "ExecuteStatement";

  struct Input {
    std::string statement;
    std::optional<std::vector<ValueInput>> parameters;
    std::optional<bool> consistent_read;
    std::optional<std::string> next_token;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<std::int32_t> limit;
    std::optional<ReturnOnFailure> return_values_on_failure;
    static constexpr auto members() {
      return wire::members(wire::required("Statement", &Input::statement, wire::length(1, 8192)),
                           wire::optional("Parameters", &Input::parameters, kAtLeastOne),
                           wire::optional("ConsistentRead", &Input::consistent_read),
                           wire::optional("NextToken", &Input::next_token, wire::length(1, 32768)),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("Limit", &Input::limit, kAtLeastOne),
                           wire::optional("ReturnValuesOnConditionCheckFailure", &Input::return_values_on_failure));
    }
  };
  struct Output {
    std::optional<std::vector<Item>> items;
    std::optional<std::string> next_token;
    std::optional<ConsumedCapacity> consumed_capacity;
    std::optional<Item> last_evaluated_key;
    static constexpr auto members() {
      return wire::members(wire::optional("Items", &Output::items), wire::optional("NextToken", &Output::next_token),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity),
                           wire::optional("LastEvaluatedKey", &Output::last_evaluated_key));
    }
  };
};

struct BatchStatement {
  std::string statement;
  std::optional<std::vector<ValueInput>> parameters;
  std::optional<bool> consistent_read;
  std::optional<ReturnOnFailure> return_values_on_failure;
  static constexpr auto members() {
    return wire::members(
        wire::required("Statement", &BatchStatement::statement, wire::length(1, 8192)),
        wire::optional("Parameters", &BatchStatement::parameters, kAtLeastOne),
        wire::optional("ConsistentRead", &BatchStatement::consistent_read),
        wire::optional("ReturnValuesOnConditionCheckFailure", &BatchStatement::return_values_on_failure));
  }
};

struct BatchStatementError {
  std::string code;  // "DuplicateItem", "ValidationError", …
  std::string message;
  std::optional<Item> item;
  static constexpr auto members() {
    return wire::members(wire::required("Code", &BatchStatementError::code),
                         wire::required("Message", &BatchStatementError::message),
                         wire::optional("Item", &BatchStatementError::item));
  }
};

struct BatchStatementResponse {
  std::optional<BatchStatementError> error;
  std::optional<std::string> table_name;
  std::optional<Item> item;
  static constexpr auto members() {
    return wire::members(wire::optional("Error", &BatchStatementResponse::error),
                         wire::optional("TableName", &BatchStatementResponse::table_name),
                         wire::optional("Item", &BatchStatementResponse::item));
  }
};

struct BatchExecuteStatement {
  static constexpr std::string_view kName = "BatchExecuteStatement";

  struct Input {
    std::vector<BatchStatement> statements;
    std::optional<ReturnCapacity> return_consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::required("Statements", &Input::statements, wire::length(1, 25)),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity));
    }
  };
  struct Output {
    std::vector<BatchStatementResponse> responses;
    std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::required("Responses", &Output::responses),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity));
    }
  };
};

}  // namespace localcloud::dynamodb
