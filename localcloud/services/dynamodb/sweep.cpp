// The work that no request waits for, in writes of bounded size.

#include "localcloud/services/dynamodb/records.hpp"
#include "localcloud/services/dynamodb/request_tokens.hpp"
#include "localcloud/services/dynamodb/service.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::size_t kSlice = 500;                                   // items in one write on the lane
constexpr std::uint64_t kExpiryAgeMax_s = 5ull * 365 * 24 * 60 * 60;  // AWS takes an older time for a mistake

// What an expiry record says may have changed: the item, its time, or the table's attribute. So each is looked at
// again on the lane, and the record goes in any case.
void expire(storage::Transaction& transaction, const Expired& expired, std::uint64_t now_s) {
  transaction.erase(expired.record);
  const std::optional<Table> table = find_table_numbered(transaction, expired.table_number);
  const std::optional<StoredItem> stored = table ? find_item(transaction, expired.item_key) : std::nullopt;
  const std::optional<std::uint64_t> at_s = stored ? expiry_of(*table, stored->item) : std::nullopt;
  if (!at_s || *at_s > now_s || *at_s + kExpiryAgeMax_s < now_s) return;
  ItemWriter writer(transaction, *table);
  writer.erase(expired.item_key, *stored);
  writer.finish();
}

}  // namespace

Task<bool> sweep(DynamoDb& room) {
  const auto now_s = static_cast<std::uint64_t>(base::to_unix_s(room.clock.now()));
  bool any_expired = false;
  bool any_slices = false;
  bool any_tokens = false;
  {
    const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
    any_expired = !find_expired(*reader, now_s, 1).empty();
    any_slices = has_slices(*reader);
    any_tokens = has_old_tokens(*reader, now_s);
  }
  if (!any_expired && !any_slices && !any_tokens) co_return false;
  const Result<bool> more = co_await room.store.write<bool>([now_s](storage::Transaction& transaction) -> Result<bool> {
    const std::vector<Expired> expired = find_expired(transaction, now_s, kSlice);
    for (const Expired& one : expired) expire(transaction, one, now_s);
    const bool filling = fill_expiry_slice(transaction, kSlice);
    const bool erasing = erase_slice(transaction, kSlice);
    const std::size_t tokens = erase_tokens(transaction, now_s, kSlice);
    return expired.size() == kSlice || filling || erasing || tokens == kSlice;
  });
  co_return more && *more;
}

}  // namespace localcloud::dynamodb
