// BatchGetItem reads as many as 100 items by their keys, of one table or several.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html

#include <set>

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/expressions/projection.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::size_t kKeysMax = 100;
constexpr std::size_t kResponseSizeMax = 16 * 1024 * 1024;

Result<Done> check_requests(const BatchGetItem::Input& input) {
  std::size_t total = 0;
  for (const auto& [name, request] : input.request_items) {
    TRY(read_table_name(name));
    total += request.keys.size();
    for (const ItemInput& key : request.keys) TRY(key.check());
  }
  if (total > kKeysMax) return failure(validation("Too many items requested for the BatchGetItem call"));
  return Done{};
}

Result<std::optional<std::vector<Path>>> read_projection(const KeysAndAttributes& request) {
  Substitutions substitutions =
      TRY(Substitutions::check(request.expression_attribute_names, std::nullopt,
                               request.projection_expression ? "" : "ProjectionExpression is null"));
  if (!request.projection_expression) return std::nullopt;
  std::vector<Path> paths = TRY(parse_projection(*request.projection_expression, substitutions));
  TRY(substitutions.check_all_used());
  return paths;
}

// The keys of one table's items, checked, in the store's form.
Result<std::vector<std::string>> find_keys(const Table& table, const KeysAndAttributes& request) {
  std::vector<std::string> keys;
  for (const ItemInput& key : request.keys) {
    TRY(check_key(table, key.item));
    keys.push_back(item_key(table, key.item));
  }
  if (std::set<std::string>(keys.begin(), keys.end()).size() != keys.size()) {
    return failure(validation("Provided list of item keys contains duplicates"));
  }
  return keys;
}

}  // namespace

Result<BatchGetItem::Output> batch_get_item(DynamoDb& room, const wire::Caller& caller, BatchGetItem::Input input) {
  TRY(check_requests(input));
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  BatchGetItem::Output output;
  std::size_t response_size = 0;
  for (auto& [name, request] : input.request_items) {
    const std::optional<std::vector<Path>> projection = TRY(read_projection(request));
    const TablePtr table = TRY(find_table(room, *reader, caller, TRY(read_table_name(name))));
    const std::vector<std::string> keys = TRY(find_keys(*table, request));
    const Consistency consistency =
        request.consistent_read.value_or(false) ? Consistency::strong : Consistency::eventual;

    Consumed consumed;
    std::vector<Item>& items = output.responses[name];
    std::vector<ItemInput> unprocessed;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      std::optional<StoredItem> stored = find_item(*reader, keys[i]);
      const std::size_t size = stored ? stored->size : 0;
      if (response_size + size > kResponseSizeMax) {
        unprocessed.push_back(std::move(request.keys[i]));
        continue;
      }
      response_size += size;
      consumed.add_table(read_units(size, consistency));
      if (stored) items.push_back(projection ? project(stored->item, *projection) : std::move(stored->item));
    }
    if (!unprocessed.empty()) {
      KeysAndAttributes& rest = output.unprocessed_keys[name];
      rest = std::move(request);
      rest.keys = std::move(unprocessed);
    }
    if (auto report = consumed.report(*table, input.return_consumed_capacity)) {
      (output.consumed_capacity ? *output.consumed_capacity : output.consumed_capacity.emplace())
          .push_back(std::move(*report));
    }
  }
  return output;
}

}  // namespace localcloud::dynamodb
