#include "localcloud/services/dynamodb/table_cache.hpp"

#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

std::shared_ptr<const Table> TableCache::find(const storage::Reader& reader, const std::string& table_key) {
  return tables_.find(reader, table_key, &decode_table);
}

}  // namespace localcloud::dynamodb
