// CreateTable declares a table, its keys and its indexes.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

#include "localcloud/services/dynamodb/describe_table.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/new_table.hpp"

namespace localcloud::dynamodb {

wire::Change<CreateTable::Output> create_table(DynamoDb& room, const wire::Caller& caller, CreateTable::Input input) {
  Table table = TRY(read_new_table(input));
  table.account = caller.account;
  table.region = caller.region;
  table.created = caller.time;
  table.id = room.ids.uuid();
  table.number = room.ids.below(UINT64_MAX);

  return [table = std::move(table)](storage::Transaction& transaction) -> Result<CreateTable::Output> {
    if (transaction.get(table_key(table.account, table.region, table.name))) return failure(table_exists(table.name));
    put_table(transaction, table);
    // Unlike AWS: the table can be used at once; CREATING is what clients wait to see pass.
    return CreateTable::Output{describe(table, {}, TableStatus::creating)};
  };
}

}  // namespace localcloud::dynamodb
