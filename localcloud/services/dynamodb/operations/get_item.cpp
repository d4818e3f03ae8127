// GetItem reads one item by its key.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/expressions/projection.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

Result<GetItem::Output> get_item(DynamoDb& room, const wire::Caller& caller, GetItem::Input input) {
  TRY(input.key.check());
  Substitutions substitutions =
      TRY(Substitutions::check(input.expression_attribute_names, std::nullopt,
                               input.projection_expression ? "" : "ProjectionExpression is null"));
  std::optional<std::vector<Path>> projection;
  if (input.projection_expression) projection = TRY(parse_projection(*input.projection_expression, substitutions));
  TRY(substitutions.check_all_used());

  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const TablePtr table = TRY(find_table(room, *reader, caller, input.table_name));
  TRY(check_key(*table, input.key.item));
  std::optional<StoredItem> stored = find_item(*reader, item_key(*table, input.key.item));

  Consumed consumed;
  // Unlike AWS: every read is a strongly consistent one; an eventual one costs half as AWS counts it.
  consumed.add_table(read_units(stored ? stored->size : 0,
                                input.consistent_read.value_or(false) ? Consistency::strong : Consistency::eventual));
  GetItem::Output output;
  output.consumed_capacity = consumed.report(*table, input.return_consumed_capacity);
  if (stored) output.item = projection ? project(stored->item, *projection) : std::move(stored->item);
  return output;
}

}  // namespace localcloud::dynamodb
