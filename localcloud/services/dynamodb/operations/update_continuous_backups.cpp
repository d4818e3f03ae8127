// UpdateContinuousBackups turns point-in-time recovery on or off.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html

#include "localcloud/services/dynamodb/describe_table.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

wire::Change<UpdateContinuousBackups::Output> update_continuous_backups(DynamoDb& room, const wire::Caller& caller,
                                                                        UpdateContinuousBackups::Input input) {
  return [&room, caller,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateContinuousBackups::Output> {
    const Result<TablePtr> found = find_named_table(room, transaction, caller, input.table_name);
    if (!found) return failure(continuous_backups_table_not_found(input.table_name.name));
    // Unlike AWS: the setting is recorded, and nothing can be restored yet.
    Table table = **found;
    if (input.specification.enabled && !table.point_in_time_recovery) table.recovery_since = caller.time;
    table.point_in_time_recovery = input.specification.enabled;
    if (input.specification.recovery_period_in_days) table.recovery_days = *input.specification.recovery_period_in_days;
    put_table(transaction, table);
    return UpdateContinuousBackups::Output{describe_backups(table, caller.time)};
  };
}

}  // namespace localcloud::dynamodb
