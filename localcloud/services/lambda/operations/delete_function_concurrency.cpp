// DeleteFunctionConcurrency: gives a function back to the account's shared concurrency.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<Nothing> delete_function_concurrency(Lambda& room, const wire::Caller& caller,
                                                  DeleteFunctionConcurrency::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  return [&room, id](storage::Transaction& transaction) -> Result<Nothing> {
    FunctionRecord record = TRY(hold_function(transaction, id));
    record.reserved_concurrency.reset();
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    return Nothing{};
  };
}

}  // namespace localcloud::lambda
