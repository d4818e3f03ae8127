// DescribeTimeToLive answers which attribute tells when an item expires.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html

#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

Result<DescribeTimeToLive::Output> describe_time_to_live(DynamoDb& room, const wire::Caller& caller,
                                                         DescribeTimeToLive::Input input) {
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const TablePtr table = TRY(find_named_table(room, *reader, caller, input.table_name));
  DescribeTimeToLive::Output output;
  output.description.status = table->ttl_attribute.empty() ? TtlStatus::disabled : TtlStatus::enabled;
  if (!table->ttl_attribute.empty()) output.description.attribute_name = table->ttl_attribute;
  return output;
}

}  // namespace localcloud::dynamodb
