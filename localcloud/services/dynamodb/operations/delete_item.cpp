// DeleteItem removes an item, if it is there and a condition on it holds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/write.hpp"

namespace localcloud::dynamodb {

wire::Change<DeleteItem::Output> delete_item(DynamoDb& room, const wire::Caller& caller, DeleteItem::Input input) {
  TRY(input.key.check());
  const ReturnValue wanted = input.return_values.value_or(ReturnValue::none);
  if (wanted != ReturnValue::none && wanted != ReturnValue::all_old) {
    return failure(validation("ReturnValues can only be ALL_OLD or NONE"));
  }
  std::optional<Condition> condition = TRY(read_condition(input));

  return [&room, caller, wanted, condition = std::move(condition),
          input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteItem::Output> {
    const TablePtr table = TRY(find_table(room, transaction, caller, input.table_name));
    TRY(check_key(*table, input.key.item));
    const std::string key = item_key(*table, input.key.item);

    std::optional<StoredItem> old = find_item(transaction, key);
    TRY(check_condition(condition, old, input.return_values_on_failure));

    ItemWriter writer(transaction, *table);
    if (old) writer.erase(key, *old);
    writer.finish();

    Consumed consumed;
    consumed.add_table(write_units(old ? old->size : 0));
    consumed.add_writes(*table, writer);
    DeleteItem::Output output;
    if (wanted == ReturnValue::all_old && old) output.attributes = std::move(old->item);
    output.consumed_capacity = consumed.report(*table, input.return_consumed_capacity);
    output.item_collection_metrics = collection_metrics(*table, input.key.item, input.return_item_collection_metrics);
    return output;
  };
}

}  // namespace localcloud::dynamodb
