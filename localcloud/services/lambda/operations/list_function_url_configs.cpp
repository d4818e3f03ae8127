// ListFunctionUrlConfigs: lists a function's address, if it has one.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<ListFunctionUrlConfigs::Output> list_function_url_configs(Lambda& room, const wire::Caller& caller,
                                                                 ListFunctionUrlConfigs::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  const FunctionRecord record = TRY(hold_function(*room.store.snapshot(), id));
  ListFunctionUrlConfigs::Output output;
  if (record.url) output.function_url_configs.push_back(describe_url(record, room.endpoint_url));
  return output;
}

}  // namespace localcloud::lambda
