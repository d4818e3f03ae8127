// DeleteTable removes a table and all its items.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html

#include "localcloud/services/dynamodb/describe_table.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

wire::Change<DeleteTable::Output> delete_table(DynamoDb& room, const wire::Caller& caller, DeleteTable::Input input) {
  return [&room, caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteTable::Output> {
    const TablePtr table = TRY(find_named_table(room, transaction, caller, input.table_name));
    if (table->deletion_protected) return failure(table_protected());
    // Unlike AWS: the name is free at once. The items go later, in slices (see sweep()): they may be many.
    remove_table(transaction, *table);
    return DeleteTable::Output{describe(*table, {}, TableStatus::deleting)};
  };
}

}  // namespace localcloud::dynamodb
