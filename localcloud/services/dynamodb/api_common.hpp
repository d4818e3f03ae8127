#pragma once
// What several of DynamoDB's requests and responses share.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/dynamodb/attribute_value.hpp"
#include "localcloud/wire/access.hpp"
#include "localcloud/wire/caller.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::dynamodb {

// A table as requests name it: its name, or its ARN. Shapes declare it last: AWS reports a bad name alone, after the
// types of all members and before any of their limits.
struct TableName {
  std::string name;
  std::string region;  // from an ARN; empty where a plain name was given
  std::string account;

  std::string arn(const wire::Caller& caller) const;
  std::string index_arn(const wire::Caller& caller, const std::string& index) const;
};
Result<Done> from_json(const json::Value& json, TableName& out);
void write_json(std::string& out, const TableName& table);
// For names that are keys of a map.
Result<TableName> read_table_name(const std::string& text);

Result<Done> from_json(const json::Value& json, ItemInput& out);
Result<Done> from_json(const json::Value& json, ValueInput& out);
void write_json(std::string& out, const ItemInput& input);
void write_json(std::string& out, const ValueInput& input);

inline constexpr wire::Limits kTableNameLimits = wire::length(1, 1024);
inline constexpr wire::Limits kAtLeastOne = {.min = 1};
inline constexpr wire::Limits kIndexNameLimits = wire::length(3, 255);

enum class ReturnValue { none, all_old, updated_old, all_new, updated_new };
constexpr std::array<std::string_view, 5> wire_names(ReturnValue) {
  return {"NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"};
}

enum class ReturnOnFailure { all_old, none };
constexpr std::array<std::string_view, 2> wire_names(ReturnOnFailure) {
  return {"ALL_OLD", "NONE"};
}

enum class ReturnCapacity { indexes, total, none };
constexpr std::array<std::string_view, 3> wire_names(ReturnCapacity) {
  return {"INDEXES", "TOTAL", "NONE"};
}

enum class ReturnMetrics { size, none };
constexpr std::array<std::string_view, 2> wire_names(ReturnMetrics) {
  return {"SIZE", "NONE"};
}

enum class Select { all_attributes, all_projected_attributes, specific_attributes, count };
constexpr std::array<std::string_view, 4> wire_names(Select) {
  return {"ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"};
}

struct CapacityUnits {
  double capacity_units = 0;
  static constexpr auto members() {
    return wire::members(wire::required("CapacityUnits", &CapacityUnits::capacity_units));
  }
};

struct ConsumedCapacity {
  std::string table_name;
  double capacity_units = 0;
  std::optional<CapacityUnits> table;
  std::optional<std::map<std::string, CapacityUnits>> local_indexes;
  std::optional<std::map<std::string, CapacityUnits>> global_indexes;
  static constexpr auto members() {
    return wire::members(wire::required("TableName", &ConsumedCapacity::table_name),
                         wire::required("CapacityUnits", &ConsumedCapacity::capacity_units),
                         wire::optional("Table", &ConsumedCapacity::table),
                         wire::optional("LocalSecondaryIndexes", &ConsumedCapacity::local_indexes),
                         wire::optional("GlobalSecondaryIndexes", &ConsumedCapacity::global_indexes));
  }
};

struct ItemCollectionMetrics {
  Item item_collection_key;
  std::vector<double> size_estimate_range_gb;
  static constexpr auto members() {
    return wire::members(wire::required("ItemCollectionKey", &ItemCollectionMetrics::item_collection_key),
                         wire::required("SizeEstimateRangeGB", &ItemCollectionMetrics::size_estimate_range_gb));
  }
};

struct NoMembers {
  static constexpr auto members() { return wire::members(); }
};

}  // namespace localcloud::dynamodb
