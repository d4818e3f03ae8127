#pragma once
// Tables as they were last decoded, kept while they don't change.

#include <memory>
#include <string>

#include "localcloud/services/dynamodb/table.hpp"
#include "localcloud/storage/kept.hpp"

namespace localcloud::dynamodb {

// Thread-safe.
class TableCache {
 public:
  // Nothing where the store has no such table.
  std::shared_ptr<const Table> find(const storage::Reader& reader, const std::string& table_key);

 private:
  storage::Kept<Table> tables_;
};

}  // namespace localcloud::dynamodb
