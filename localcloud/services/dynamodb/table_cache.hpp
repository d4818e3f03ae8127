#pragma once
// Tables as they were last decoded. The store decides what a table is: a cached one is used only where the store still
// holds the very bytes it came from.

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>

#include "localcloud/services/dynamodb/table.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::dynamodb {

// Thread-safe.
class TableCache {
 public:
  // Nothing where the store has no such table.
  std::shared_ptr<const Table> find(const storage::Reader& reader, const std::string& table_key);

 private:
  static constexpr std::size_t kTablesMax = 1000;
  struct Entry {
    std::string bytes;
    std::shared_ptr<const Table> table;
  };
  std::shared_mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace localcloud::dynamodb
