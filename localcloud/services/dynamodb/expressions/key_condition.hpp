#pragma once
// KeyConditionExpression: one partition key, and a range of sort keys within it.

#include <optional>
#include <string>
#include <string_view>

#include "localcloud/services/dynamodb/expressions/condition.hpp"

namespace localcloud::dynamodb {

// The names of a table's or an index's key attributes, and their types.
struct KeyAttribute {
  std::string name;
  Type type = Type::s;
  bool operator==(const KeyAttribute&) const = default;
};
struct KeySchema {
  KeyAttribute hash;
  std::optional<KeyAttribute> range;
  bool operator==(const KeySchema&) const = default;
};

struct RangeCondition {
  Operator op;  // equal, less, less_equal, greater, greater_equal, between or begins_with
  AttributeValue value;
  AttributeValue upper = {};  // of between
};

struct KeyCondition {
  AttributeValue hash;
  std::optional<RangeCondition> range;
};

// The keys that a condition (already parsed) asks for.
Result<KeyCondition> read_key_condition(const Condition& condition, const KeySchema& schema);

}  // namespace localcloud::dynamodb
