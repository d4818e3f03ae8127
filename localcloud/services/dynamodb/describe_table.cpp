// A table's record to its description.

#include "localcloud/services/dynamodb/describe_table.hpp"

#include <algorithm>

namespace localcloud::dynamodb {

namespace {

std::vector<KeySchemaElement> describe_keys(const KeySchema& keys) {
  std::vector<KeySchemaElement> elements = {{keys.hash.name, KeyType::hash}};
  if (keys.range) elements.push_back({keys.range->name, KeyType::range});
  return elements;
}

ThroughputDescription describe_throughput(const Throughput& throughput) {
  return {0, throughput.read_units, throughput.write_units};
}

IndexDescription describe_index(const Table& table, const Index& index, const Count& count, TableStatus status) {
  IndexDescription out;
  out.index_name = index.name;
  out.key_schema = describe_keys(index.keys);
  out.projection.projection_type = index.projection;
  if (!index.included.empty()) out.projection.non_key_attributes = index.included;
  if (index.scope == Index::Scope::global) {
    out.index_status = status;
    out.provisioned_throughput = describe_throughput(index.throughput);
  }
  out.index_size_bytes = count.bytes;
  out.item_count = count.items;
  out.index_arn = table.arn() + "/index/" + index.name;
  return out;
}

}  // namespace

TableDescription describe(const Table& table, const std::vector<Count>& counts, TableStatus status) {
  const auto count_at = [&](std::size_t i) { return i < counts.size() ? counts[i] : Count{}; };
  TableDescription out;
  for (const KeyAttribute& attribute : table.attributes) {
    // The first three types of values are those that keys may have, in the same order.
    out.attribute_definitions.push_back({attribute.name, static_cast<AttributeType>(attribute.type)});
  }
  out.table_name = table.name;
  out.key_schema = describe_keys(table.keys);
  out.table_status = status;
  out.creation_date_time = {table.created};
  out.provisioned_throughput = describe_throughput(table.throughput);
  out.table_size_bytes = count_at(0).bytes;
  out.item_count = count_at(0).items;
  out.table_arn = table.arn();
  out.table_id = table.id;
  if (table.pay_per_request) out.billing_mode_summary = {{BillingMode::pay_per_request, {table.created}}};
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const Index& index = table.indexes[i];
    auto& list = index.scope == Index::Scope::local ? out.local_secondary_indexes : out.global_secondary_indexes;
    (list ? *list : list.emplace()).push_back(describe_index(table, index, count_at(i + 1), status));
  }
  if (table.infrequent_access) out.table_class_summary = {{TableClass::standard_infrequent_access}};
  out.deletion_protection_enabled = table.deletion_protected;
  return out;
}

ContinuousBackupsDescription describe_backups(const Table& table, base::Time now) {
  ContinuousBackupsDescription out;
  out.status = BackupsStatus::enabled;
  PointInTimeRecoveryDescription& recovery = out.point_in_time_recovery;
  recovery.status = table.point_in_time_recovery ? BackupsStatus::enabled : BackupsStatus::disabled;
  if (table.point_in_time_recovery) {
    recovery.recovery_period_in_days = static_cast<std::int32_t>(table.recovery_days);
    const base::Time oldest = now - std::chrono::hours(24 * table.recovery_days);
    recovery.earliest_restorable = wire::Timestamp{std::max(table.recovery_since, oldest)};
    recovery.latest_restorable = wire::Timestamp{std::max(table.recovery_since, now - std::chrono::minutes(5))};
  }
  return out;
}

}  // namespace localcloud::dynamodb
