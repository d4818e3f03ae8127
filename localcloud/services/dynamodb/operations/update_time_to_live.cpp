// UpdateTimeToLive says which attribute tells when an item expires, or that none does.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

wire::Change<UpdateTimeToLive::Output> update_time_to_live(DynamoDb& room, const wire::Caller& caller,
                                                           UpdateTimeToLive::Input input) {
  return
      [&room, caller, input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateTimeToLive::Output> {
        const TablePtr found = TRY(find_named_table(room, transaction, caller, input.table_name));
        const TimeToLiveSpecification& wanted = input.specification;
        if (!wanted.enabled && found->ttl_attribute.empty()) {
          return failure(validation("TimeToLive is already disabled"));
        }
        if (!found->ttl_attribute.empty() && found->ttl_attribute != wanted.attribute_name) {
          return failure(validation("TimeToLive is active on a different AttributeName: current AttributeName is " +
                                    found->ttl_attribute));
        }
        if (wanted.enabled && !found->ttl_attribute.empty()) {
          return failure(validation("TimeToLive is already enabled"));
        }
        // Unlike AWS: the setting may change again at once; AWS wants an hour between two changes.
        Table table = *found;
        table.ttl_attribute = wanted.enabled ? wanted.attribute_name : "";
        table.ttl_changed = caller.time;
        put_table(transaction, table);
        if (wanted.enabled) begin_expiry_fill(transaction, table);
        return UpdateTimeToLive::Output{wanted};
      };
}

}  // namespace localcloud::dynamodb
