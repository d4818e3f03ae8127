// PutItem replaces a whole item, if a condition on the item it replaces holds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/write.hpp"

namespace localcloud::dynamodb {

wire::Change<PutItem::Output> put_item(DynamoDb& room, const wire::Caller& caller, PutItem::Input input) {
  TRY(input.item.check());
  const ReturnValue wanted = input.return_values.value_or(ReturnValue::none);
  if (wanted != ReturnValue::none && wanted != ReturnValue::all_old) {
    return failure(validation("ReturnValues can only be ALL_OLD or NONE"));
  }
  std::optional<Condition> condition = TRY(read_condition(input));

  return [&room, caller, wanted, condition = std::move(condition),
          input = std::move(input)](storage::Transaction& transaction) -> Result<PutItem::Output> {
    const TablePtr table = TRY(find_table(room, transaction, caller, input.table_name));
    const Item& item = input.item.item;
    const std::size_t size = TRY(check_item(*table, item));
    const std::string key = item_key(*table, item);

    std::optional<StoredItem> old = find_item(transaction, key);
    TRY(check_condition(condition, old, input.return_values_on_failure));

    ItemWriter writer(transaction, *table);
    writer.put(key, old, item, size);
    writer.finish();

    Consumed consumed;
    consumed.add_table(write_units(std::max(size, old ? old->size : 0)));
    consumed.add_writes(*table, writer);
    PutItem::Output output;
    if (wanted == ReturnValue::all_old && old) output.attributes = std::move(old->item);
    output.consumed_capacity = consumed.report(*table, input.return_consumed_capacity);
    output.item_collection_metrics = collection_metrics(*table, item, input.return_item_collection_metrics);
    return output;
  };
}

}  // namespace localcloud::dynamodb
