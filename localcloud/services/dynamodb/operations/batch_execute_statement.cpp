// BatchExecuteStatement carries out as many as 25 PartiQL statements, all INSERTs or all SELECTs; each succeeds or
// fails by itself. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html

#include "base/check.hpp"
#include "json/parse.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/partiql/insert.hpp"
#include "localcloud/services/dynamodb/partiql/select.hpp"
#include "localcloud/services/dynamodb/partiql/statement.hpp"

namespace localcloud::dynamodb {

namespace {

using Output = BatchExecuteStatement::Output;

// What the batch calls an error that a request of its own would answer.
std::string batch_code(const std::string& code) {
  if (code == "DuplicateItemException") return "DuplicateItem";
  if (code == "ResourceNotFoundException") return "ResourceNotFound";
  return "ValidationError";
}

BatchStatementResponse refused(const ServiceError& error, std::optional<std::string> table) {
  BatchStatementResponse response;
  response.error = BatchStatementError{batch_code(error.code), error.message, std::nullopt};
  for (const auto& [name, text] : error.members) {
    const auto json = json::parse(text);
    CHECK(json);
    if (name == "Item") response.error->item = std::move(item_from_json(*json)->item);
  }
  response.table_name = std::move(table);
  return response;
}

struct Prepared {
  Result<Statement> statement;
  std::optional<ReturnOnFailure> wanted;
  Consistency consistency;
};

std::vector<Prepared> prepare(DynamoDb& room, BatchExecuteStatement::Input& input) {
  std::vector<Prepared> prepared;
  prepared.reserve(input.statements.size());
  for (BatchStatement& given : input.statements) {
    prepared.push_back({read_statement(room.forms, given.statement, std::move(given.parameters)),
                        given.return_values_on_failure,
                        given.consistent_read.value_or(false) ? Consistency::strong : Consistency::eventual});
  }
  return prepared;
}

BatchStatementResponse select(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                              const SelectStatement& statement, const SelectOptions& options,
                              std::vector<ConsumedCapacity>& capacity) {
  Result<Selected> selected = run_select(room, reader, caller, statement, options);
  if (!selected) return refused(selected.error(), statement.table);
  BatchStatementResponse response;
  response.table_name = statement.table;
  if (!selected->items.empty()) response.item = std::move(selected->items.front());
  if (selected->consumed_capacity) capacity.push_back(std::move(*selected->consumed_capacity));
  return response;
}

Output select_all(DynamoDb& room, const wire::Caller& caller, const std::vector<Prepared>& statements,
                  std::optional<ReturnCapacity> wanted) {
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  Output output;
  std::vector<ConsumedCapacity> capacity;
  for (const Prepared& prepared : statements) {
    if (!prepared.statement) {
      output.responses.push_back(refused(prepared.statement.error(), std::nullopt));
      continue;
    }
    SelectOptions options;
    options.consistency = prepared.consistency;
    options.return_capacity = wanted;
    options.extent = SelectOptions::Extent::one_item;
    output.responses.push_back(
        select(room, *reader, caller, std::get<SelectStatement>(*prepared.statement), options, capacity));
  }
  if (!capacity.empty()) output.consumed_capacity = std::move(capacity);
  return output;
}

storage::WriteFunction<Output> insert_all(DynamoDb& room, const wire::Caller& caller, std::vector<Prepared> statements,
                                          std::optional<ReturnCapacity> wanted) {
  return
      [&room, caller, statements = std::move(statements), wanted](storage::Transaction& transaction) -> Result<Output> {
        Inserts inserts(room, caller, transaction);
        Output output;
        for (const Prepared& prepared : statements) {
          if (!prepared.statement) {
            output.responses.push_back(refused(prepared.statement.error(), std::nullopt));
            continue;
          }
          const auto& statement = std::get<InsertStatement>(*prepared.statement);
          const Result<Done> inserted = inserts.insert(statement, prepared.wanted);
          if (inserted) {
            output.responses.push_back({.table_name = statement.table});
          } else {
            output.responses.push_back(refused(inserted.error(), statement.table));
          }
        }
        std::vector<ConsumedCapacity> reports = inserts.finish(wanted);
        if (!reports.empty()) output.consumed_capacity = std::move(reports);
        return output;
      };
}

}  // namespace

Task<Result<BatchExecuteStatement::Output>> batch_execute_statement(DynamoDb& room, const wire::Caller& caller,
                                                                    BatchExecuteStatement::Input input) {
  std::vector<Prepared> statements = prepare(room, input);
  bool reads = false;
  bool writes = false;
  for (const Prepared& prepared : statements) {
    if (!prepared.statement) continue;
    const bool select = std::holds_alternative<SelectStatement>(*prepared.statement);
    (select ? reads : writes) = true;
  }
  if (reads && writes) {
    co_return failure(
        validation("A batch of statements must be all reads or all writes: SELECT and INSERT can't be mixed"));
  }
  if (!writes) co_return select_all(room, caller, statements, input.return_consumed_capacity);
  co_return co_await room.store.write<Output>(
      insert_all(room, caller, std::move(statements), input.return_consumed_capacity));
}

}  // namespace localcloud::dynamodb
