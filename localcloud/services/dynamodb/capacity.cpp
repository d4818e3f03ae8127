// Counting units.

#include "localcloud/services/dynamodb/capacity.hpp"

#include <algorithm>
#include <cmath>

namespace localcloud::dynamodb {

double read_units(std::size_t bytes, Consistency consistency) {
  const double units = std::max(1.0, std::ceil(static_cast<double>(bytes) / 4096));
  return consistency == Consistency::strong ? units : units / 2;
}

double write_units(std::size_t bytes) {
  return std::max(1.0, std::ceil(static_cast<double>(bytes) / 1024));
}

void Consumed::add_index(const Index& index, double units) {
  (index.scope == Index::Scope::local ? local_ : global_)[index.name] += units;
}

void Consumed::count_twice() {
  table_ *= 2;
  for (auto* indexes : {&local_, &global_}) {
    for (auto& [name, units] : *indexes) units *= 2;
  }
}

void Consumed::add_writes(const Table& table, const ItemWriter& writer) {
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    for (const std::size_t bytes : writer.index_writes()[i]) add_index(table.indexes[i], write_units(bytes));
  }
}

std::optional<ConsumedCapacity> Consumed::report(const Table& table, std::optional<ReturnCapacity> wanted) const {
  if (!wanted || *wanted == ReturnCapacity::none) return std::nullopt;
  ConsumedCapacity report;
  report.table_name = table.name;
  report.capacity_units = table_;
  const auto list = [&](const std::map<std::string, double>& units,
                        std::optional<std::map<std::string, CapacityUnits>>& out) {
    for (const auto& [name, count] : units) {
      report.capacity_units += count;
      if (*wanted == ReturnCapacity::indexes) (out ? *out : out.emplace())[name] = {count};
    }
  };
  list(local_, report.local_indexes);
  list(global_, report.global_indexes);
  if (*wanted == ReturnCapacity::indexes) report.table = CapacityUnits{table_};
  return report;
}

std::optional<ItemCollectionMetrics> collection_metrics(const Table& table, const Item& item,
                                                        std::optional<ReturnMetrics> wanted) {
  if (wanted != ReturnMetrics::size || !table.has_local_indexes()) return std::nullopt;
  ItemCollectionMetrics metrics;
  if (const AttributeValue* hash = item.find(table.keys.hash.name)) {
    metrics.item_collection_key.set(table.keys.hash.name, *hash);
  }
  // Unlike AWS: collections have no limit of 10 GB here, and nobody measures them.
  metrics.size_estimate_range_gb = {0, 1};
  return metrics;
}

}  // namespace localcloud::dynamodb
