#pragma once
// What the operations that write an item share.

#include <optional>

#include "localcloud/services/dynamodb/api_items.hpp"
#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/expressions/update.hpp"
#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

// The error of a condition that didn't hold, with the item that it was held against where the request asks for it.
ServiceError condition_failed(const std::optional<StoredItem>& old, std::optional<ReturnOnFailure> wanted);

// Done where the condition (if any) holds for the item there is (if any).
Result<Done> check_condition(const std::optional<Condition>& condition, const std::optional<StoredItem>& old,
                             std::optional<ReturnOnFailure> wanted);

// The condition of a PutItem or a DeleteItem, all its names and values used.
template <class Input>
Result<std::optional<Condition>> read_condition(const Input& input) {
  const std::string_view absent = input.condition_expression ? "" : "ConditionExpression is null";
  Substitutions substitutions =
      TRY(Substitutions::check(input.expression_attribute_names, input.expression_attribute_values, absent));
  if (!input.condition_expression) return std::nullopt;
  Condition condition = TRY(parse_condition(*input.condition_expression, "ConditionExpression", substitutions));
  TRY(substitutions.check_all_used());
  return condition;
}

// The expressions of an update, all their names and values used.
struct UpdateExpressions {
  std::optional<Update> update;
  std::optional<Condition> condition;
};
template <class Input>
Result<UpdateExpressions> read_update(const Input& input) {
  const bool any = input.update_expression || input.condition_expression;
  Substitutions substitutions =
      TRY(Substitutions::check(input.expression_attribute_names, input.expression_attribute_values,
                               any ? "" : "UpdateExpression and ConditionExpression are null"));
  UpdateExpressions expressions;
  if (input.update_expression) expressions.update = TRY(parse_update(*input.update_expression, substitutions));
  if (input.condition_expression) {
    expressions.condition = TRY(parse_condition(*input.condition_expression, "ConditionExpression", substitutions));
  }
  TRY(substitutions.check_all_used());
  return expressions;
}

Result<Done> check_leaves_key(const Table& table, const Update& update);

// An item after its update, or one that the update makes.
struct UpdatedItem {
  Item item;
  std::size_t size = 0;
  bool is_written = true;  // what only takes away makes no item
};
Result<UpdatedItem> updated_item(const Table& table, const Item& key, const std::optional<StoredItem>& old,
                                 const std::optional<Update>& update);

}  // namespace localcloud::dynamodb
