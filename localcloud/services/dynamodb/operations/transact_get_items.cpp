// TransactGetItems reads as many as 100 items, of one table or several, as they are at one moment.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html

#include <map>
#include <set>

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/expressions/projection.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/transactions.hpp"

namespace localcloud::dynamodb {

namespace {

using Paths = std::optional<std::vector<Path>>;

Result<Paths> read_get(const TransactGetItem::Get& get) {
  TRY(get.key.check());
  Substitutions substitutions = TRY(Substitutions::check(
      get.expression_attribute_names, std::nullopt, get.projection_expression ? "" : "ProjectionExpression is null"));
  Paths projection;
  if (get.projection_expression) projection = TRY(parse_projection(*get.projection_expression, substitutions));
  TRY(substitutions.check_all_used());
  return projection;
}

// What was read of one table.
struct TablePart {
  TablePtr table;
  std::set<std::string> keys = {};
  Consumed consumed = {};
};

}  // namespace

Result<TransactGetItems::Output> transact_get_items(DynamoDb& room, const wire::Caller& caller,
                                                    TransactGetItems::Input input) {
  std::vector<Paths> projections;
  for (const TransactGetItem& item : input.transact_items) projections.push_back(TRY(read_get(item.get)));

  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  TransactGetItems::Output output;
  std::map<std::uint64_t, TablePart> parts;  // by the tables' numbers
  Objections objections;
  std::size_t size = 0;
  for (std::size_t i = 0; i < projections.size(); ++i) {
    const TransactGetItem::Get& get = input.transact_items[i].get;
    const TablePtr table = TRY(find_table(room, *reader, caller, get.table_name));
    TablePart& part = parts.try_emplace(table->number, table).first->second;
    TransactGetItems::Output::Response& response = output.responses.emplace_back();
    const Result<Done> good_key = check_key(*table, get.key.item);
    objections.push_back(good_key ? std::nullopt : std::optional(good_key.error()));
    if (!good_key) continue;
    const std::string key = item_key(*table, get.key.item);
    if (!part.keys.insert(key).second) return failure(item_named_twice());
    std::optional<StoredItem> stored = find_item(*reader, key);
    part.consumed.add_table(read_units(stored ? stored->size : 0, Consistency::strong));
    if (!stored) continue;
    size += stored->size;
    if (size > kTransactionSizeMax) return failure(transaction_too_large());
    response.item = projections[i] ? project(stored->item, *projections[i]) : std::move(stored->item);
  }
  TRY(check_none(objections));
  for (auto& [number, part] : parts) {
    part.consumed.count_twice();
    auto report = part.consumed.report(*part.table, input.return_consumed_capacity);
    if (!report) continue;
    (output.consumed_capacity ? *output.consumed_capacity : output.consumed_capacity.emplace())
        .push_back(std::move(*report));
  }
  return output;
}

}  // namespace localcloud::dynamodb
