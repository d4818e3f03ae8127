// A condition read as a query's keys.

#include "localcloud/services/dynamodb/expressions/key_condition.hpp"

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

ServiceError not_supported() {
  return validation("Query key condition not supported");
}

// One attribute compared with values, the attribute first.
struct Comparison {
  Operator op;
  const Path* path;
  const AttributeValue* value;
  const AttributeValue* upper = nullptr;
};

Operator mirrored(Operator op) {
  switch (op) {
    case Operator::less:
      return Operator::greater;
    case Operator::less_equal:
      return Operator::greater_equal;
    case Operator::greater:
      return Operator::less;
    case Operator::greater_equal:
      return Operator::less_equal;
    default:
      return op;
  }
}

Result<Comparison> read_comparison(const Condition& condition) {
  switch (condition.op) {
    case Operator::equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
    case Operator::between:
    case Operator::begins_with:
      break;
    default:
      return failure(validation("Invalid operator used in KeyConditionExpression: " + std::string(name(condition.op))));
  }
  Comparison comparison{condition.op, std::get_if<Path>(&condition.operands[0]),
                        std::get_if<AttributeValue>(&condition.operands[1])};
  const bool two_sided = condition.op != Operator::between && condition.op != Operator::begins_with;
  if (comparison.path == nullptr && two_sided) {
    comparison = {mirrored(condition.op), std::get_if<Path>(&condition.operands[1]),
                  std::get_if<AttributeValue>(&condition.operands[0])};
  }
  for (const Operand& operand : condition.operands) {
    if (std::holds_alternative<SizeOfPath>(operand)) {
      return failure(validation("KeyConditionExpressions cannot contain nested operations"));
    }
  }
  if (comparison.path == nullptr) {
    if (!two_sided && condition.op == Operator::begins_with) {
      return failure(
          validation("Invalid condition in KeyConditionExpression: begins_with operator must have the key "
                     "attribute as its first operand"));
    }
    return failure(validation("Invalid condition in KeyConditionExpression: No key attribute specified"));
  }
  if (condition.op == Operator::between) comparison.upper = std::get_if<AttributeValue>(&condition.operands[2]);
  if (comparison.value == nullptr || (condition.op == Operator::between && comparison.upper == nullptr)) {
    return failure(
        validation("Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
                   "condition"));
  }
  if (comparison.path->is_nested()) {
    return failure(validation("KeyConditionExpressions cannot have conditions on nested attributes"));
  }
  return comparison;
}

// The comparisons that AND joins.
Result<Done> gather(const Condition& condition, std::vector<Comparison>& comparisons) {
  if (condition.op != Operator::logical_and) {
    comparisons.push_back(TRY(read_comparison(condition)));
    return Done{};
  }
  for (const Condition& child : condition.children) TRY(gather(child, comparisons));
  return Done{};
}

Result<Done> check_value(const KeyAttribute& key, const AttributeValue& value) {
  if (value.type() != key.type) {
    return failure(invalid_parameter("Condition parameter type does not match schema type"));
  }
  const auto* text = value.get_if<std::string>();
  const auto* binary = value.get_if<Binary>();
  if ((text != nullptr && text->empty()) || (binary != nullptr && binary->bytes.empty())) {
    return failure(
        validation("One or more parameter values are not valid. The AttributeValue for a key attribute "
                   "cannot contain an empty " +
                   std::string(text != nullptr ? "string" : "binary") + " value. Key: " + key.name));
  }
  return Done{};
}

}  // namespace

Result<KeyCondition> read_key_condition(const Condition& condition, const KeySchema& schema) {
  std::vector<Comparison> comparisons;
  TRY(gather(condition, comparisons));
  const Comparison* hash = nullptr;
  const Comparison* range = nullptr;
  for (const Comparison& comparison : comparisons) {
    const std::string& name = comparison.path->attribute();
    for (const Comparison& other : comparisons) {
      if (&other != &comparison && other.path->attribute() == name) {
        return failure(validation("KeyConditionExpressions must only contain one condition per key"));
      }
    }
    if (name == schema.hash.name) {
      hash = &comparison;
    } else if (schema.range && name == schema.range->name) {
      range = &comparison;
    }
  }
  if (comparisons.size() > 2) return failure(validation("Conditions can be of length 1 or 2 only"));
  if (hash == nullptr) return failure(validation("Query condition missed key schema element: " + schema.hash.name));
  if (comparisons.size() == 2 && range == nullptr) {
    if (!schema.range) return failure(not_supported());
    return failure(validation("Query condition missed key schema element: " + schema.range->name));
  }
  if (hash->op != Operator::equal) return failure(not_supported());
  TRY(check_value(schema.hash, *hash->value));

  KeyCondition keys{*hash->value, std::nullopt};
  if (range == nullptr) return keys;
  if (range->op == Operator::begins_with && range->value->type() == Type::n) {
    return failure(not_supported());
  }
  TRY(check_value(*schema.range, *range->value));
  if (range->upper != nullptr) TRY(check_value(*schema.range, *range->upper));
  keys.range = RangeCondition{range->op, *range->value, range->upper != nullptr ? *range->upper : AttributeValue()};
  return keys;
}

}  // namespace localcloud::dynamodb
