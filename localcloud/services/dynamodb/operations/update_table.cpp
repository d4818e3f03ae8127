// UpdateTable changes how a table is paid, its class and its protection against deletion.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html

#include "localcloud/services/dynamodb/describe_table.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

namespace {

ServiceError same_throughput(const Throughput& units) {
  const std::string read = std::to_string(units.read_units);
  const std::string write = std::to_string(units.write_units);
  return validation(
      "The provisioned throughput for the table will not change. The requested value equals the current value. Current "
      "ReadCapacityUnits provisioned for the table: " +
      read + ". Requested ReadCapacityUnits: " + read +
      ". Current WriteCapacityUnits provisioned for the table: " + write + ". Requested WriteCapacityUnits: " + write +
      ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.");
}

Result<Done> change_billing(const UpdateTable::Input& input, Table& table) {
  const bool was_on_demand = table.pay_per_request;
  if (input.billing_mode) table.pay_per_request = *input.billing_mode == BillingMode::pay_per_request;
  if (table.pay_per_request) {
    if (input.provisioned_throughput) {
      return failure(
          invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                            "BillingMode is PAY_PER_REQUEST"));
    }
    table.throughput = {};
    for (Index& index : table.indexes) index.throughput = {};
    return Done{};
  }
  if (was_on_demand && !input.provisioned_throughput) {
    return failure(
        invalid_parameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode "
                          "is PROVISIONED"));
  }
  for (const Index& index : table.indexes) {
    if (was_on_demand && index.scope == Index::Scope::global) {
      return failure(invalid_parameter("ProvisionedThroughput must be specified for index: " + index.name));
    }
  }
  if (!input.provisioned_throughput) return Done{};
  const Throughput wanted{input.provisioned_throughput->read_capacity_units,
                          input.provisioned_throughput->write_capacity_units};
  if (wanted == table.throughput) return failure(same_throughput(wanted));
  table.throughput = wanted;
  return Done{};
}

}  // namespace

wire::Change<UpdateTable::Output> update_table(DynamoDb& room, const wire::Caller& caller, UpdateTable::Input input) {
  if (!input.billing_mode && !input.provisioned_throughput && !input.table_class &&
      !input.deletion_protection_enabled) {
    return failure(
        validation("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
                   "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"));
  }
  return [&room, caller, input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateTable::Output> {
    Table table = *TRY(find_named_table(room, transaction, caller, input.table_name));
    if (input.billing_mode || input.provisioned_throughput) TRY(change_billing(input, table));
    if (input.table_class) table.infrequent_access = *input.table_class == TableClass::standard_infrequent_access;
    if (input.deletion_protection_enabled) table.deletion_protected = *input.deletion_protection_enabled;
    put_table(transaction, table);
    // Unlike AWS: the table can be used meanwhile; UPDATING is what clients wait to see pass.
    return UpdateTable::Output{describe(table, read_counts(transaction, table), TableStatus::updating)};
  };
}

}  // namespace localcloud::dynamodb
