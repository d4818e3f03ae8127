#pragma once
// One page of a query or a scan.

#include <cstdint>
#include <optional>
#include <vector>

#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

inline constexpr std::size_t kPageSizeMax = 1024 * 1024;

struct PageRequest {
  const Table& table;
  const Index* index = nullptr;  // of the table; none: its items themselves
  KeyRange range;
  enum class Order { ascending, descending } order = Order::ascending;
  std::optional<std::int32_t> limit;  // of items looked at
  const Condition* filter = nullptr;
  const std::vector<Path>* projection = nullptr;
  enum class Items { given, counted } items = Items::given;
  // The whole item, though the index keeps only a part of it (local indexes).
  enum class Source { as_kept, whole_item } source = Source::as_kept;
};

struct Page {
  std::vector<Item> items;
  std::int32_t count = 0;
  std::int32_t scanned_count = 0;
  std::size_t bytes = 0;          // read from the table or the index
  std::size_t fetched_bytes = 0;  // of whole items
  std::optional<Item> last_key;   // where the page ends before the range does
};

Page read_page(const storage::Reader& reader, const PageRequest& request);

// Narrows the range of a request to what comes after an ExclusiveStartKey, if that is a key it could have answered.
Result<Done> start_after(PageRequest& request, const Item& start_key);

}  // namespace localcloud::dynamodb
