#pragma once
// Transactions: requests and responses.

#include "localcloud/services/dynamodb/api_items.hpp"

namespace localcloud::dynamodb {

inline constexpr wire::Limits kTransactItemsLimits = wire::length(1, 100);

// The actions of a transaction. Each has what the operation of its name has, as far as a transaction answers it.
struct ConditionCheck {
  TableName table_name;
  ItemInput key;
  std::optional<std::string> condition_expression;
  std::optional<StringMap> expression_attribute_names;
  std::optional<ItemInput> expression_attribute_values;
  std::optional<ReturnOnFailure> return_values_on_failure;
  static constexpr auto members() {
    return wire::members(
        wire::required("Key", &ConditionCheck::key),
        wire::required("ConditionExpression", &ConditionCheck::condition_expression),
        wire::optional("ExpressionAttributeNames", &ConditionCheck::expression_attribute_names),
        wire::optional("ExpressionAttributeValues", &ConditionCheck::expression_attribute_values),
        wire::optional("ReturnValuesOnConditionCheckFailure", &ConditionCheck::return_values_on_failure),
        wire::required("TableName", &ConditionCheck::table_name, kTableNameLimits));
  }
};

struct PutAction {
  TableName table_name;
  ItemInput item;
  std::optional<std::string> condition_expression;
  std::optional<StringMap> expression_attribute_names;
  std::optional<ItemInput> expression_attribute_values;
  std::optional<ReturnOnFailure> return_values_on_failure;
  static constexpr auto members() {
    return wire::members(wire::required("Item", &PutAction::item),
                         wire::optional("ConditionExpression", &PutAction::condition_expression),
                         wire::optional("ExpressionAttributeNames", &PutAction::expression_attribute_names),
                         wire::optional("ExpressionAttributeValues", &PutAction::expression_attribute_values),
                         wire::optional("ReturnValuesOnConditionCheckFailure", &PutAction::return_values_on_failure),
                         wire::required("TableName", &PutAction::table_name, kTableNameLimits));
  }
};

struct DeleteAction {
  TableName table_name;
  ItemInput key;
  std::optional<std::string> condition_expression;
  std::optional<StringMap> expression_attribute_names;
  std::optional<ItemInput> expression_attribute_values;
  std::optional<ReturnOnFailure> return_values_on_failure;
  static constexpr auto members() {
    return wire::members(wire::required("Key", &DeleteAction::key),
                         wire::optional("ConditionExpression", &DeleteAction::condition_expression),
                         wire::optional("ExpressionAttributeNames", &DeleteAction::expression_attribute_names),
                         wire::optional("ExpressionAttributeValues", &DeleteAction::expression_attribute_values),
                         wire::optional("ReturnValuesOnConditionCheckFailure", &DeleteAction::return_values_on_failure),
                         wire::required("TableName", &DeleteAction::table_name, kTableNameLimits));
  }
};

struct UpdateInTransaction {
  TableName table_name;
  ItemInput key;
  std::optional<std::string> update_expression;
  std::optional<std::string> condition_expression;
  std::optional<StringMap> expression_attribute_names;
  std::optional<ItemInput> expression_attribute_values;
  std::optional<ReturnOnFailure> return_values_on_failure;
  static constexpr auto members() {
    return wire::members(
        wire::required("Key", &UpdateInTransaction::key),
        wire::required("UpdateExpression", &UpdateInTransaction::update_expression),
        wire::optional("ConditionExpression", &UpdateInTransaction::condition_expression),
        wire::optional("ExpressionAttributeNames", &UpdateInTransaction::expression_attribute_names),
        wire::optional("ExpressionAttributeValues", &UpdateInTransaction::expression_attribute_values),
        wire::optional("ReturnValuesOnConditionCheckFailure", &UpdateInTransaction::return_values_on_failure),
        wire::required("TableName", &UpdateInTransaction::table_name, kTableNameLimits));
  }
};

// One of the four.
struct TransactWriteItem {
  std::optional<ConditionCheck> check;
  std::optional<PutAction> put;
  std::optional<DeleteAction> del;
  std::optional<UpdateInTransaction> update;
  static constexpr auto members() {
    return wire::members(
        wire::optional("ConditionCheck", &TransactWriteItem::check), wire::optional("Put", &TransactWriteItem::put),
        wire::optional("Delete", &TransactWriteItem::del), wire::optional("Update", &TransactWriteItem::update));
  }
};

struct TransactWriteItems {
  static constexpr std::string_view kName = "TransactWriteItems";

  struct Input {
    std::vector<TransactWriteItem> transact_items;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<ReturnMetrics> return_item_collection_metrics;
    std::optional<std::string> client_request_token;
    static constexpr auto members() {
      return wire::members(wire::required("TransactItems", &Input::transact_items, kTransactItemsLimits),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("ReturnItemCollectionMetrics", &Input::return_item_collection_metrics),
                           wire::optional("ClientRequestToken", &Input::client_request_token, wire::length(1, 36)));
    }
  };
  struct Output {
    std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
    std::optional<std::map<std::string, std::vector<ItemCollectionMetrics>>> item_collection_metrics;
    static constexpr auto members() {
      return wire::members(wire::optional("ConsumedCapacity", &Output::consumed_capacity),
                           wire::optional("ItemCollectionMetrics", &Output::item_collection_metrics));
    }
  };
};

struct TransactGetItem {
  struct Get {
    TableName table_name;
    ItemInput key;
    std::optional<std::string> projection_expression;
    std::optional<StringMap> expression_attribute_names;
    static constexpr auto members() {
      return wire::members(wire::required("Key", &Get::key),
                           wire::optional("ProjectionExpression", &Get::projection_expression),
                           wire::optional("ExpressionAttributeNames", &Get::expression_attribute_names),
                           wire::required("TableName", &Get::table_name, kTableNameLimits));
    }
  };
  Get get;
  static constexpr auto members() { return wire::members(wire::required("Get", &TransactGetItem::get)); }
};

struct TransactGetItems {
  static constexpr std::string_view kName = "TransactGetItems";

  struct Input {
    std::vector<TransactGetItem> transact_items;
    std::optional<ReturnCapacity> return_consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::required("TransactItems", &Input::transact_items, kTransactItemsLimits),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity));
    }
  };
  struct Output {
    struct Response {
      std::optional<Item> item;
      static constexpr auto members() { return wire::members(wire::optional("Item", &Response::item)); }
    };
    std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
    std::vector<Response> responses;  // in the order of the request
    static constexpr auto members() {
      return wire::members(wire::optional("ConsumedCapacity", &Output::consumed_capacity),
                           wire::required("Responses", &Output::responses));
    }
  };
};

}  // namespace localcloud::dynamodb
