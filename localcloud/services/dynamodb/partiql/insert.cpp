// Items that must not be there yet.

#include "localcloud/services/dynamodb/partiql/insert.hpp"

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

Result<Inserts::TableInserts*> Inserts::find(const std::string& name) {
  const auto found = tables_.find(name);
  if (found != tables_.end()) return &found->second;
  TablePtr table = TRY(find_table(room_, transaction_, caller_, TRY(read_table_name(name))));
  ItemWriter writer(transaction_, *table);
  return &tables_.emplace(name, TableInserts{std::move(table), std::move(writer), {}}).first->second;
}

Result<Done> Inserts::insert(const InsertStatement& statement, std::optional<ReturnOnFailure> wanted) {
  TableInserts& into = *TRY(find(statement.table));
  const std::size_t size = TRY(check_item(*into.table, statement.item));
  const std::string key = item_key(*into.table, statement.item);
  if (transaction_.get(key)) {
    ServiceError error = duplicate_item();
    if (wanted == ReturnOnFailure::all_old) {
      std::string item;
      write_json(item, find_item(transaction_, key)->item);
      error.members.emplace_back("Item", std::move(item));
    }
    return failure(std::move(error));
  }
  into.writer.put(key, std::nullopt, statement.item, size);
  into.consumed.add_table(write_units(size));
  return Done{};
}

std::vector<ConsumedCapacity> Inserts::finish(std::optional<ReturnCapacity> wanted) {
  std::vector<ConsumedCapacity> reports;
  for (auto& [name, into] : tables_) {
    into.writer.finish();
    into.consumed.add_writes(*into.table, into.writer);
    if (auto report = into.consumed.report(*into.table, wanted)) reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace localcloud::dynamodb
