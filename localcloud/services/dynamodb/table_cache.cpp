// Tables, decoded once.

#include "localcloud/services/dynamodb/table_cache.hpp"

#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

std::shared_ptr<const Table> TableCache::find(const storage::Reader& reader, const std::string& table_key) {
  std::optional<std::string> bytes = reader.get(table_key);
  if (!bytes) return nullptr;
  {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(table_key);
    if (found != entries_.end() && found->second.bytes == *bytes) return found->second.table;
  }
  auto table = std::make_shared<const Table>(decode_table(*bytes));
  const std::unique_lock lock(mutex_);
  if (entries_.size() >= kTablesMax) entries_.clear();
  entries_[table_key] = {std::move(*bytes), table};
  return table;
}

}  // namespace localcloud::dynamodb
