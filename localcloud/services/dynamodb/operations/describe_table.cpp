// DescribeTable answers what a table is, and how much is in it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html

#include "localcloud/services/dynamodb/describe_table.hpp"

#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

Result<DescribeTable::Output> describe_table(DynamoDb& room, const wire::Caller& caller, DescribeTable::Input input) {
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const TablePtr table = TRY(find_named_table(room, *reader, caller, input.table_name));
  // Unlike AWS: the counts are exact and of now; AWS renews them every six hours.
  return DescribeTable::Output{describe(*table, read_counts(*reader, *table), TableStatus::active)};
}

}  // namespace localcloud::dynamodb
