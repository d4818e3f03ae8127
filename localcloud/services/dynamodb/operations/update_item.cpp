// UpdateItem changes attributes of an item, or makes the item, if a condition on it holds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/write.hpp"

namespace localcloud::dynamodb {

namespace {

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
  UpdateExpressions expressions = TRY(read_update(input));

  return [&room, caller, expressions = std::move(expressions),
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateItem::Output> {
    const TablePtr table = TRY(find_table(room, transaction, caller, input.table_name));
    TRY(check_key(*table, input.key.item));
    if (expressions.update) TRY(check_leaves_key(*table, *expressions.update));
    const std::string key = item_key(*table, input.key.item);

    const std::optional<StoredItem> old = find_item(transaction, key);
    TRY(check_condition(expressions.condition, old, input.return_values_on_failure));

    const auto [updated, size, write] = TRY(updated_item(*table, input.key.item, old, expressions.update));
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
