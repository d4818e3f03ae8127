#pragma once
// The operations on items: requests and responses.

#include "localcloud/services/dynamodb/api_common.hpp"

namespace localcloud::dynamodb {

using StringMap = std::map<std::string, std::string>;

struct PutItem {
  static constexpr std::string_view kName = "PutItem";

  struct Input {
    TableName table_name;
    ItemInput item;
    std::optional<ReturnValue> return_values;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<ReturnMetrics> return_item_collection_metrics;
    std::optional<std::string> condition_expression;
    std::optional<StringMap> expression_attribute_names;
    std::optional<ItemInput> expression_attribute_values;
    std::optional<ReturnOnFailure> return_values_on_failure;
    static constexpr auto members() {
      return wire::members(wire::required("Item", &Input::item), wire::optional("ReturnValues", &Input::return_values),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("ReturnItemCollectionMetrics", &Input::return_item_collection_metrics),
                           wire::optional("ConditionExpression", &Input::condition_expression),
                           wire::optional("ExpressionAttributeNames", &Input::expression_attribute_names),
                           wire::optional("ExpressionAttributeValues", &Input::expression_attribute_values),
                           wire::optional("ReturnValuesOnConditionCheckFailure", &Input::return_values_on_failure),
                           wire::refused("Expected", "ConditionalOperator"),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    std::optional<Item> attributes;
    std::optional<ConsumedCapacity> consumed_capacity;
    std::optional<ItemCollectionMetrics> item_collection_metrics;
    static constexpr auto members() {
      return wire::members(wire::optional("Attributes", &Output::attributes),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity),
                           wire::optional("ItemCollectionMetrics", &Output::item_collection_metrics));
    }
  };
};

struct DeleteItem {
  static constexpr std::string_view kName = "DeleteItem";

  struct Input {
    TableName table_name;
    ItemInput key;
    std::optional<ReturnValue> return_values;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<ReturnMetrics> return_item_collection_metrics;
    std::optional<std::string> condition_expression;
    std::optional<StringMap> expression_attribute_names;
    std::optional<ItemInput> expression_attribute_values;
    std::optional<ReturnOnFailure> return_values_on_failure;
    static constexpr auto members() {
      return wire::members(wire::required("Key", &Input::key), wire::optional("ReturnValues", &Input::return_values),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("ReturnItemCollectionMetrics", &Input::return_item_collection_metrics),
                           wire::optional("ConditionExpression", &Input::condition_expression),
                           wire::optional("ExpressionAttributeNames", &Input::expression_attribute_names),
                           wire::optional("ExpressionAttributeValues", &Input::expression_attribute_values),
                           wire::optional("ReturnValuesOnConditionCheckFailure", &Input::return_values_on_failure),
                           wire::refused("Expected", "ConditionalOperator"),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  using Output = PutItem::Output;
};

struct UpdateItem {
  static constexpr std::string_view kName = "UpdateItem";

  struct Input {
    TableName table_name;
    ItemInput key;
    std::optional<ReturnValue> return_values;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<ReturnMetrics> return_item_collection_metrics;
    std::optional<std::string> update_expression;
    std::optional<std::string> condition_expression;
    std::optional<StringMap> expression_attribute_names;
    std::optional<ItemInput> expression_attribute_values;
    std::optional<ReturnOnFailure> return_values_on_failure;
    static constexpr auto members() {
      return wire::members(wire::required("Key", &Input::key), wire::optional("ReturnValues", &Input::return_values),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("ReturnItemCollectionMetrics", &Input::return_item_collection_metrics),
                           wire::optional("UpdateExpression", &Input::update_expression),
                           wire::optional("ConditionExpression", &Input::condition_expression),
                           wire::optional("ExpressionAttributeNames", &Input::expression_attribute_names),
                           wire::optional("ExpressionAttributeValues", &Input::expression_attribute_values),
                           wire::optional("ReturnValuesOnConditionCheckFailure", &Input::return_values_on_failure),
                           wire::refused("AttributeUpdates", "Expected", "ConditionalOperator"),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  using Output = PutItem::Output;
};

struct GetItem {
  static constexpr std::string_view kName = "GetItem";

  struct Input {
    TableName table_name;
    ItemInput key;
    std::optional<bool> consistent_read;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<std::string> projection_expression;
    std::optional<StringMap> expression_attribute_names;
    static constexpr auto members() {
      return wire::members(
          wire::required("Key", &Input::key), wire::optional("ConsistentRead", &Input::consistent_read),
          wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
          wire::optional("ProjectionExpression", &Input::projection_expression),
          wire::optional("ExpressionAttributeNames", &Input::expression_attribute_names),
          wire::refused("AttributesToGet"), wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    std::optional<Item> item;
    std::optional<ConsumedCapacity> consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::optional("Item", &Output::item),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity));
    }
  };
};

struct Query {
  static constexpr std::string_view kName = "Query";

  struct Input {
    TableName table_name;
    std::optional<std::string> index_name;
    std::optional<Select> select;
    std::optional<std::int32_t> limit;
    std::optional<bool> consistent_read;
    std::optional<bool> scan_index_forward;
    std::optional<ItemInput> exclusive_start_key;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<std::string> projection_expression;
    std::optional<std::string> filter_expression;
    std::optional<std::string> key_condition_expression;
    std::optional<StringMap> expression_attribute_names;
    std::optional<ItemInput> expression_attribute_values;
    static constexpr auto members() {
      return wire::members(wire::optional("IndexName", &Input::index_name, kIndexNameLimits),
                           wire::optional("Select", &Input::select),
                           wire::optional("Limit", &Input::limit, kAtLeastOne),
                           wire::optional("ConsistentRead", &Input::consistent_read),
                           wire::optional("ScanIndexForward", &Input::scan_index_forward),
                           wire::optional("ExclusiveStartKey", &Input::exclusive_start_key),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("ProjectionExpression", &Input::projection_expression),
                           wire::optional("FilterExpression", &Input::filter_expression),
                           wire::optional("KeyConditionExpression", &Input::key_condition_expression),
                           wire::optional("ExpressionAttributeNames", &Input::expression_attribute_names),
                           wire::optional("ExpressionAttributeValues", &Input::expression_attribute_values),
                           wire::refused("AttributesToGet", "KeyConditions", "QueryFilter", "ConditionalOperator"),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    std::optional<std::vector<Item>> items;
    std::int32_t count = 0;
    std::int32_t scanned_count = 0;
    std::optional<Item> last_evaluated_key;
    std::optional<ConsumedCapacity> consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::optional("Items", &Output::items), wire::required("Count", &Output::count),
                           wire::required("ScannedCount", &Output::scanned_count),
                           wire::optional("LastEvaluatedKey", &Output::last_evaluated_key),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity));
    }
  };
};

struct Scan {
  static constexpr std::string_view kName = "Scan";

  struct Input {
    TableName table_name;
    std::optional<std::string> index_name;
    std::optional<Select> select;
    std::optional<std::int32_t> limit;
    std::optional<bool> consistent_read;
    std::optional<ItemInput> exclusive_start_key;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<std::int32_t> total_segments;
    std::optional<std::int32_t> segment;
    std::optional<std::string> projection_expression;
    std::optional<std::string> filter_expression;
    std::optional<StringMap> expression_attribute_names;
    std::optional<ItemInput> expression_attribute_values;
    static constexpr auto members() {
      return wire::members(wire::optional("IndexName", &Input::index_name, kIndexNameLimits),
                           wire::optional("Select", &Input::select),
                           wire::optional("Limit", &Input::limit, kAtLeastOne),
                           wire::optional("ConsistentRead", &Input::consistent_read),
                           wire::optional("ExclusiveStartKey", &Input::exclusive_start_key),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("TotalSegments", &Input::total_segments, wire::range(1, 1'000'000)),
                           wire::optional("Segment", &Input::segment, wire::range(0, 999'999)),
                           wire::optional("ProjectionExpression", &Input::projection_expression),
                           wire::optional("FilterExpression", &Input::filter_expression),
                           wire::optional("ExpressionAttributeNames", &Input::expression_attribute_names),
                           wire::optional("ExpressionAttributeValues", &Input::expression_attribute_values),
                           wire::refused("AttributesToGet", "ScanFilter", "ConditionalOperator"),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  using Output = Query::Output;
};

struct WriteRequest {
  struct Put {
    ItemInput item;
    static constexpr auto members() { return wire::members(wire::required("Item", &Put::item)); }
  };
  struct Delete {
    ItemInput key;
    static constexpr auto members() { return wire::members(wire::required("Key", &Delete::key)); }
  };
  std::optional<Put> put;
  std::optional<Delete> del;
  static constexpr auto members() {
    return wire::members(wire::optional("PutRequest", &WriteRequest::put),
                         wire::optional("DeleteRequest", &WriteRequest::del));
  }
};

struct BatchWriteItem {
  static constexpr std::string_view kName = "BatchWriteItem";

  struct Input {
    std::map<std::string, std::vector<WriteRequest>> request_items;
    std::optional<ReturnCapacity> return_consumed_capacity;
    std::optional<ReturnMetrics> return_item_collection_metrics;
    static constexpr auto members() {
      return wire::members(wire::required("RequestItems", &Input::request_items, wire::length(1, 25)),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity),
                           wire::optional("ReturnItemCollectionMetrics", &Input::return_item_collection_metrics));
    }
  };
  struct Output {
    std::map<std::string, std::vector<WriteRequest>> unprocessed_items;
    std::optional<std::map<std::string, std::vector<ItemCollectionMetrics>>> item_collection_metrics;
    std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::required("UnprocessedItems", &Output::unprocessed_items),
                           wire::optional("ItemCollectionMetrics", &Output::item_collection_metrics),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity));
    }
  };
};

struct KeysAndAttributes {
  std::vector<ItemInput> keys;
  std::optional<bool> consistent_read;
  std::optional<std::string> projection_expression;
  std::optional<StringMap> expression_attribute_names;
  static constexpr auto members() {
    return wire::members(wire::required("Keys", &KeysAndAttributes::keys, wire::length(1, 100)),
                         wire::optional("ConsistentRead", &KeysAndAttributes::consistent_read),
                         wire::optional("ProjectionExpression", &KeysAndAttributes::projection_expression),
                         wire::optional("ExpressionAttributeNames", &KeysAndAttributes::expression_attribute_names),
                         wire::refused("AttributesToGet"));
  }
};

struct BatchGetItem {
  static constexpr std::string_view kName = "BatchGetItem";

  struct Input {
    std::map<std::string, KeysAndAttributes> request_items;
    std::optional<ReturnCapacity> return_consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::required("RequestItems", &Input::request_items, wire::length(1, 100)),
                           wire::optional("ReturnConsumedCapacity", &Input::return_consumed_capacity));
    }
  };
  struct Output {
    std::map<std::string, std::vector<Item>> responses;
    std::map<std::string, KeysAndAttributes> unprocessed_keys;
    std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
    static constexpr auto members() {
      return wire::members(wire::required("Responses", &Output::responses),
                           wire::required("UnprocessedKeys", &Output::unprocessed_keys),
                           wire::optional("ConsumedCapacity", &Output::consumed_capacity));
    }
  };
};

}  // namespace localcloud::dynamodb
