// BatchWriteItem puts and deletes as many as 25 items, of one table or several.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html

#include <set>

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::size_t kRequestsMax = 25;

Result<Done> check_requests(const BatchWriteItem::Input& input) {
  std::size_t total = 0;
  for (const auto& [name, requests] : input.request_items) {
    TRY(read_table_name(name));
    total += requests.size();
    if (requests.empty()) {
      return failure(validation("1 validation error detected: Value '{" + name +
                                "=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy "
                                "constraint: [Member must have length less than or equal to 25, Member must have "
                                "length greater than or equal to 1]"));
    }
    for (const WriteRequest& request : requests) {
      if (request.put && request.del) {
        return failure(
            validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one "
                       "of the supported datatypes"));
      }
      if (!request.put && !request.del) {
        return failure(
            validation("Supplied AttributeValue is empty, must contain exactly one of the supported "
                       "datatypes"));
      }
      TRY(request.put ? request.put->item.check() : request.del->key.check());
    }
  }
  if (total > kRequestsMax) return failure(validation("Too many items requested for the BatchWriteItem call"));
  return Done{};
}

// One table's part of the batch.
class TableBatch {
 public:
  TableBatch(storage::Transaction& transaction, const Table& table)
      : transaction_(transaction), table_(table), writer_(transaction, table) {}

  Result<Done> write(const WriteRequest& request) {
    const Item& item = request.put ? request.put->item.item : request.del->key.item;
    std::size_t size = 0;
    if (request.put) {
      size = TRY(check_item(table_, item));
    } else {
      TRY(check_key(table_, item));
    }
    const std::string key = item_key(table_, item);
    if (!keys_.insert(key).second) {
      return failure(validation("Provided list of item keys contains duplicates"));
    }
    const std::optional<StoredItem> old = find_item(transaction_, key);
    consumed_.add_table(write_units(std::max(size, old ? old->size : 0)));
    if (request.put) {
      writer_.put(key, old, item, size);
    } else if (old) {
      writer_.erase(key, *old);
    }
    return Done{};
  }

  Consumed finish() {
    writer_.finish();
    consumed_.add_writes(table_, writer_);
    return std::move(consumed_);
  }

 private:
  storage::Transaction& transaction_;
  const Table& table_;
  ItemWriter writer_;
  std::set<std::string> keys_;
  Consumed consumed_;
};

}  // namespace

wire::Change<BatchWriteItem::Output> batch_write_item(DynamoDb& room, const wire::Caller& caller,
                                                      BatchWriteItem::Input input) {
  TRY(check_requests(input));
  return
      [&room, caller, input = std::move(input)](storage::Transaction& transaction) -> Result<BatchWriteItem::Output> {
        BatchWriteItem::Output output;
        for (const auto& [name, requests] : input.request_items) {
          const TablePtr table = TRY(find_table(room, transaction, caller, TRY(read_table_name(name))));
          TableBatch batch(transaction, *table);
          for (const WriteRequest& request : requests) {
            TRY(batch.write(request));
            const Item& item = request.put ? request.put->item.item : request.del->key.item;
            if (auto metrics = collection_metrics(*table, item, input.return_item_collection_metrics)) {
              auto& all = output.item_collection_metrics ? *output.item_collection_metrics
                                                         : output.item_collection_metrics.emplace();
              all[table->name].push_back(std::move(*metrics));
            }
          }
          if (auto report = batch.finish().report(*table, input.return_consumed_capacity)) {
            (output.consumed_capacity ? *output.consumed_capacity : output.consumed_capacity.emplace())
                .push_back(std::move(*report));
          }
        }
        return output;
      };
}

}  // namespace localcloud::dynamodb
