#pragma once
// Where tables and their items lie in the store. The only DynamoDB file that knows key bytes.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/dynamodb/table.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::dynamodb {

// Tables.
std::string table_key(std::string_view account, std::string_view region, std::string_view name);
std::string encode(const Table& table);
Table decode_table(std::string_view bytes);
void put_table(storage::Transaction& transaction, const Table& table);
// Takes the table away at once; its items wait for erase_slice().
void remove_table(storage::Transaction& transaction, const Table& table);
// Names of an account's tables in a region, in order, after `after`, until `visit` stops.
void for_each_table_name(const storage::Reader& reader, std::string_view account, std::string_view region,
                         std::string_view after, const std::function<storage::Step(std::string name)>& visit);

// How many items and bytes a table has, and each of its indexes, in their order.
struct Count {
  std::int64_t items = 0;
  std::int64_t bytes = 0;
};
std::vector<Count> read_counts(const storage::Reader& reader, const Table& table);  // the table's own first

// An item and the bytes that AWS counts for it.
struct StoredItem {
  Item item;
  std::size_t size = 0;
};

// The key under which the table keeps an item with these key attributes, all of them there and of the right types.
std::string item_key(const Table& table, const Item& key);
// The same in an index (its attributes too must be there).
std::string index_key(const Table& table, const Index& index, const Item& item);
// Whether the item has what the index sorts by: an index is sparse.
bool belongs_to(const Index& index, const Item& item);

std::optional<StoredItem> find_item(const storage::Reader& reader, const std::string& key);
StoredItem decode_stored(std::string_view bytes);

// Writes items of one table, its indexes, its expiry records and its counts with them. The counts are written at the
// end, once: finish() must be called.
class ItemWriter {
 public:
  ItemWriter(storage::Transaction& transaction, const Table& table);
  void put(const std::string& key, const std::optional<StoredItem>& old, const Item& item, std::size_t size);
  void erase(const std::string& key, const StoredItem& old);
  void finish();

  // The index entries written so far, as bytes each, by index: what AWS counts write units for.
  const std::vector<std::vector<std::size_t>>& index_writes() const { return index_writes_; }

 private:
  // An item before or after a write, and its bytes in the store.
  struct Version {
    const Item& item;
    std::size_t size;
    std::string bytes;
  };
  // What an index keeps of it.
  struct Entry {
    std::string key;
    std::string bytes;
    std::size_t size = 0;
  };

  Version kept_version(const StoredItem& old) const;
  void change(const std::string& key, const Version* before, const Version* now);
  void change_index(std::size_t number, const Version* before, const Version* now);
  Entry entry_of(const Index& index, const Version& version) const;

  storage::Transaction& transaction_;
  const Table& table_;
  std::vector<Count> deltas_;
  std::vector<std::vector<std::size_t>> index_writes_;
};

// Ranges of keys.
struct KeyRange {
  std::string from;  // included
  std::string to;    // not included
};
KeyRange whole_range(const Table& table, const Index* index);
KeyRange segment_range(const Table& table, const Index* index, std::int32_t segment, std::int32_t total);
KeyRange query_range(const Table& table, const Index* index, const KeyCondition& condition);
// What is left of a range beyond this key.
void continue_after(KeyRange& range, const std::string& key);
void continue_before(KeyRange& range, const std::string& key);

// Expiry. A slice is what one write on the lane may take.
struct Expired {
  std::string record;  // the expiry record's own key
  std::uint64_t table_number;
  std::string item_key;
};
std::vector<Expired> find_expired(const storage::Reader& reader, std::uint64_t now_s, std::size_t limit);
// The table that has this number, if it is still there.
std::optional<Table> find_table_numbered(const storage::Reader& reader, std::uint64_t number);

// Marks that every item of the table needs its expiry record (again); fill_expiry() works it off.
void begin_expiry_fill(storage::Transaction& transaction, const Table& table);
// Works on one table for at most `limit` items; false when nothing is left to do anywhere.
bool fill_expiry_slice(storage::Transaction& transaction, std::size_t limit);
// Erases at most `limit` keys of removed tables; false when nothing is left to erase.
bool erase_slice(storage::Transaction& transaction, std::size_t limit);
// What fill and erase would find to do.
bool has_slices(const storage::Reader& reader);

}  // namespace localcloud::dynamodb
