// GetFunctionConcurrency: shows how many concurrent executions are reserved for a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<Concurrency> get_function_concurrency(Lambda& room, const wire::Caller& caller,
                                             GetFunctionConcurrency::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  return Concurrency{TRY(hold_function(*room.store.snapshot(), id)).reserved_concurrency};
}

}  // namespace localcloud::lambda
