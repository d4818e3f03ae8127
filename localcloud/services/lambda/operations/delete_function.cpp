// DeleteFunction: removes a function with its URL, its policy and its waiting events.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<Nothing> delete_function(Lambda& room, const wire::Caller& caller, DeleteFunction::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  if (input.qualifier == "$LATEST") {
    return failure(invalid_parameter("$LATEST version cannot be deleted without deleting the function."));
  }
  if (input.qualifier) return failure(function_not_found(id.arn() + ":" + *input.qualifier));
  return [&room, id](storage::Transaction& transaction) -> Result<Nothing> {
    const FunctionRecord record = TRY(hold_function(transaction, id));
    if (record.url) erase_url(transaction, record.url->id);
    erase_function(transaction, record);
    room.pool.retire(record.arn());
    return Nothing{};
  };
}

}  // namespace localcloud::lambda
