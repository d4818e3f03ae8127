// ExecuteStatement carries out one PartiQL statement: an INSERT or a SELECT.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/partiql/insert.hpp"
#include "localcloud/services/dynamodb/partiql/select.hpp"
#include "localcloud/services/dynamodb/partiql/statement.hpp"

namespace localcloud::dynamodb {

namespace {

using Output = ExecuteStatement::Output;

Result<Output> select(DynamoDb& room, const wire::Caller& caller, const SelectStatement& statement,
                      const ExecuteStatement::Input& input) {
  SelectOptions options;
  options.consistency = input.consistent_read.value_or(false) ? Consistency::strong : Consistency::eventual;
  options.limit = input.limit;
  options.next_token = input.next_token;
  options.return_capacity = input.return_consumed_capacity;
  Selected selected = TRY(run_select(room, *room.store.snapshot(), caller, statement, options));
  return Output{std::move(selected.items), std::move(selected.next_token), std::move(selected.consumed_capacity),
                std::move(selected.last_key)};
}

storage::WriteFunction<Output> insert(DynamoDb& room, const wire::Caller& caller, InsertStatement statement,
                                      const ExecuteStatement::Input& input) {
  return [&room, caller, statement = std::move(statement), capacity = input.return_consumed_capacity,
          wanted = input.return_values_on_failure](storage::Transaction& transaction) -> Result<Output> {
    Inserts inserts(room, caller, transaction);
    TRY(inserts.insert(statement, wanted));
    Output output;
    output.items.emplace();
    std::vector<ConsumedCapacity> reports = inserts.finish(capacity);
    if (!reports.empty()) output.consumed_capacity = std::move(reports.front());
    return output;
  };
}

}  // namespace

Task<Result<ExecuteStatement::Output>> execute_statement(DynamoDb& room, const wire::Caller& caller,
                                                         ExecuteStatement::Input input) {
  Result<Statement> statement = read_statement(room.forms, input.statement, std::move(input.parameters));
  if (!statement) co_return failure(statement.error());
  if (const auto* reads = std::get_if<SelectStatement>(&*statement)) co_return select(room, caller, *reads, input);
  co_return co_await room.store.write<Output>(
      insert(room, caller, std::move(std::get<InsertStatement>(*statement)), input));
}

}  // namespace localcloud::dynamodb
