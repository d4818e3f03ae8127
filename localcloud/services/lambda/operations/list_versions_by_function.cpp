// ListVersionsByFunction: lists a function's one version.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<ListVersionsByFunction::Output> list_versions_by_function(Lambda& room, const wire::Caller& caller,
                                                                 ListVersionsByFunction::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  ListVersionsByFunction::Output output;
  output.versions.push_back(describe(TRY(hold_function(*room.store.snapshot(), id))));
  output.versions.back().function_arn += ":$LATEST";
  return output;
}

}  // namespace localcloud::lambda
