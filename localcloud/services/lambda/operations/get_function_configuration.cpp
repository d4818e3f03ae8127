// GetFunctionConfiguration: shows what a function runs with.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<GetFunctionConfiguration::Output> get_function_configuration(Lambda& room, const wire::Caller& caller,
                                                                    GetFunctionConfiguration::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  return describe(TRY(hold_function(*room.store.snapshot(), id)));
}

}  // namespace localcloud::lambda
