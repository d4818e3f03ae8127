#pragma once
// Conditions on an item: ConditionExpression, FilterExpression, and what KeyConditionExpression is written in.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "localcloud/services/dynamodb/expressions/path.hpp"
#include "localcloud/services/dynamodb/expressions/substitutions.hpp"

namespace localcloud::dynamodb {

// size(path)
struct SizeOfPath {
  Path path;
  bool operator==(const SizeOfPath&) const = default;
};
using Operand = std::variant<Path, AttributeValue, SizeOfPath>;

enum class Operator {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  between,
  in,
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  logical_and,
  logical_or,
  logical_not,
};

// "=", "BETWEEN", "attribute_exists", …
std::string_view name(Operator op);

struct Condition {
  Operator op;
  std::vector<Operand> operands;    // of a comparison or a function
  std::vector<Condition> children;  // of AND (2 and more), OR (2 and more), NOT (1)

  // An item that doesn't exist is an empty one.
  bool holds_for(const Item& item) const;
};

Result<Condition> parse_condition(std::string_view text, std::string_view parameter, Substitutions& substitutions);

// What size() says of a value, where it has a size.
std::optional<AttributeValue> measure(const AttributeValue& value);

// Calls visit(path) for every path in it.
void for_each_path(const Condition& condition, const std::function<void(const Path&)>& visit);

}  // namespace localcloud::dynamodb
