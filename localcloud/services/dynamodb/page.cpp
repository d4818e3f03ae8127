// Reading a range until its limit, or until a megabyte.

#include "localcloud/services/dynamodb/page.hpp"

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

using storage::Step;

Page read_page(const storage::Reader& reader, const PageRequest& request) {
  Page page;
  const auto visit = [&](std::string_view, std::string_view bytes) {
    StoredItem stored = decode_stored(bytes);
    ++page.scanned_count;
    page.bytes += stored.size;
    const bool ends = (request.limit && page.scanned_count >= *request.limit) || page.bytes > kPageSizeMax;
    if (ends) page.last_key = key_of(request.table, request.index, stored.item);
    if (request.source == PageRequest::Source::whole_item) {
      if (std::optional<StoredItem> whole = find_item(reader, item_key(request.table, stored.item))) {
        page.fetched_bytes += whole->size;
        stored = std::move(*whole);
      }
    }
    if (request.filter == nullptr || request.filter->holds_for(stored.item)) {
      ++page.count;
      if (request.items == PageRequest::Items::given) {
        page.items.push_back(request.projection != nullptr ? project(stored.item, *request.projection)
                                                           : std::move(stored.item));
      }
    }
    return ends ? Step::stop : Step::go_on;
  };
  if (request.range.from >= request.range.to) return page;
  if (request.order == PageRequest::Order::ascending) {
    reader.scan(request.range.from, request.range.to, visit);
  } else {
    reader.scan_back(request.range.from, request.range.to, visit);
  }
  return page;
}

Result<Done> start_after(PageRequest& request, const Item& start_key) {
  const Table& table = request.table;
  const Item expected = key_of(table, request.index, start_key);
  const auto fits = [&](const KeySchema& keys) {
    for (const KeyAttribute* key : {&keys.hash, keys.range ? &*keys.range : nullptr}) {
      if (key == nullptr) continue;
      const AttributeValue* value = start_key.find(key->name);
      if (value == nullptr || value->type() != key->type) return false;
    }
    return true;
  };
  if (!fits(table.keys) || (request.index != nullptr && !fits(request.index->keys)) ||
      start_key.size() != expected.size()) {
    return failure(
        validation("The provided starting key is invalid: The provided key element does not match the schema"));
  }
  const std::string key =
      request.index != nullptr ? index_key(table, *request.index, start_key) : item_key(table, start_key);
  if (key < request.range.from || key >= request.range.to) {
    return failure(validation("The provided starting key is outside query boundaries based on provided conditions"));
  }
  if (request.order == PageRequest::Order::ascending) {
    continue_after(request.range, key);
  } else {
    continue_before(request.range, key);
  }
  return Done{};
}

}  // namespace localcloud::dynamodb
