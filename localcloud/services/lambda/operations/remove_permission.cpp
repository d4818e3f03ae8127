// RemovePermission: removes a statement from a function's resource policy.
// https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<Nothing> remove_permission(Lambda& room, const wire::Caller& caller, RemovePermission::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  return [&room, id, input = std::move(input)](storage::Transaction& transaction) -> Result<Nothing> {
    FunctionRecord record = TRY(hold_function(transaction, id, input.revision_id));
    if (record.statements.empty()) return failure(no_policy_for(record.arn()));
    const std::size_t erased = std::erase_if(record.statements, [&](const json::Value& statement) {
      return statement.get_string("Sid") == input.statement_id;
    });
    if (erased == 0) return failure(statement_not_found(input.statement_id));
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    return Nothing{};
  };
}

}  // namespace localcloud::lambda
