// GetFunctionUrlConfig: shows a function's address.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<UrlDescription> get_function_url_config(Lambda& room, const wire::Caller& caller,
                                               GetFunctionUrlConfig::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  const auto record = find_function(*room.store.snapshot(), id);
  if (!record || !record->url) return failure(url_not_found());
  return describe_url(*record, room.endpoint_url);
}

}  // namespace localcloud::lambda
