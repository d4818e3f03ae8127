// DescribeContinuousBackups answers whether point-in-time recovery is on.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html

#include "localcloud/services/dynamodb/describe_table.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

Result<DescribeContinuousBackups::Output> describe_continuous_backups(DynamoDb& room, const wire::Caller& caller,
                                                                      DescribeContinuousBackups::Input input) {
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const Result<TablePtr> table = find_named_table(room, *reader, caller, input.table_name);
  if (!table) return failure(continuous_backups_table_not_found(input.table_name.name));
  return DescribeContinuousBackups::Output{describe_backups(**table, caller.time)};
}

}  // namespace localcloud::dynamodb
