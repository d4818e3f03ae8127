// GetFunction: shows a function with its tags and its reserved concurrency.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

// Unlike AWS: Code has no Location, since there is no presigned address to download the package from.
Result<GetFunction::Output> get_function(Lambda& room, const wire::Caller& caller, GetFunction::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  const FunctionRecord record = TRY(hold_function(*room.store.snapshot(), id));
  GetFunction::Output output;
  output.configuration = describe(record);
  if (!record.tags.empty()) output.tags = record.tags;
  if (record.reserved_concurrency) output.concurrency = Concurrency{record.reserved_concurrency};
  return output;
}

}  // namespace localcloud::lambda
