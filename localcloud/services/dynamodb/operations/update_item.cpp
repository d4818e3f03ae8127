// UpdateItem changes attributes of an item, or makes the item, if a condition on it holds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html

#include <algorithm>

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/expressions/update.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/write.hpp"

namespace localcloud::dynamodb {

namespace {

struct Expressions {
  std::optional<Update> update;
  std::optional<Condition> condition;
};

Result<Expressions> read_expressions(const UpdateItem::Input& input) {
  const bool any = input.update_expression || input.condition_expression;
  Substitutions substitutions =
      TRY(Substitutions::check(input.expression_attribute_names, input.expression_attribute_values,
                               any ? "" : "UpdateExpression and ConditionExpression are null"));
  Expressions expressions;
  if (input.update_expression) expressions.update = TRY(parse_update(*input.update_expression, substitutions));
  if (input.condition_expression) {
    expressions.condition = TRY(parse_condition(*input.condition_expression, "ConditionExpression", substitutions));
  }
  TRY(substitutions.check_all_used());
  return expressions;
}

Result<Done> check_leaves_key(const Table& table, const Update& update) {
  for (const UpdateAction& action : update.actions) {
    const std::string& name = action.path.attribute();
    if (name == table.keys.hash.name || (table.keys.range && name == table.keys.range->name)) {
      return failure(invalid_parameter("Cannot update attribute " + name + ". This attribute is part of the key"));
    }
  }
  return Done{};
}

// What only takes away makes no item.
bool makes_item(const std::optional<Update>& update) {
  return !update || std::any_of(update->actions.begin(), update->actions.end(), [](const UpdateAction& action) {
    return action.kind == UpdateAction::Kind::set || action.kind == UpdateAction::Kind::add;
  });
}

std::optional<Item> returned(ReturnValue wanted, const std::optional<Update>& update,
                             const std::optional<StoredItem>& old, const Item& updated) {
  const auto changed_part = [&](const Item& item) -> std::optional<Item> {
    Item part = update ? project(item, update->targets()) : Item();
    if (part.empty()) return std::nullopt;
    return part;
  };
  switch (wanted) {
    case ReturnValue::all_old:
      return old ? std::optional(old->item) : std::nullopt;
    case ReturnValue::all_new:
      return updated;
    case ReturnValue::updated_old:
      return old ? changed_part(old->item) : std::nullopt;
    case ReturnValue::updated_new:
      return changed_part(updated);
    case ReturnValue::none:
      break;
  }
  return std::nullopt;
}

}  // namespace

wire::Change<UpdateItem::Output> update_item(DynamoDb& room, const wire::Caller& caller, UpdateItem::Input input) {
  TRY(input.key.check());
  Expressions expressions = TRY(read_expressions(input));

  return [&room, caller, expressions = std::move(expressions),
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateItem::Output> {
    const TablePtr table = TRY(find_table(room, transaction, caller, input.table_name));
    TRY(check_key(*table, input.key.item));
    if (expressions.update) TRY(check_leaves_key(*table, *expressions.update));
    const std::string key = item_key(*table, input.key.item);

    const std::optional<StoredItem> old = find_item(transaction, key);
    TRY(check_condition(expressions.condition, old, input.return_values_on_failure));

    Item updated = old ? old->item : input.key.item;
    if (expressions.update) TRY(expressions.update->apply(updated));
    const std::size_t size = TRY(check_updated_item(*table, updated));
    const bool write = old || makes_item(expressions.update);
    ItemWriter writer(transaction, *table);
    if (write) writer.put(key, old, updated, size);
    writer.finish();

    Consumed consumed;
    consumed.add_table(write_units(std::max(size, old ? old->size : 0)));
    consumed.add_writes(*table, writer);
    UpdateItem::Output output;
    const ReturnValue wanted = input.return_values.value_or(ReturnValue::none);
    if (write) output.attributes = returned(wanted, expressions.update, old, updated);
    output.consumed_capacity = consumed.report(*table, input.return_consumed_capacity);
    output.item_collection_metrics = collection_metrics(*table, input.key.item, input.return_item_collection_metrics);
    return output;
  };
}

}  // namespace localcloud::dynamodb
