// ListTags: lists a function's tags.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<ListTags::Output> list_tags(Lambda& room, const wire::Caller& caller, ListTags::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.resource));
  return ListTags::Output{TRY(hold_function(*room.store.snapshot(), id)).tags};
}

}  // namespace localcloud::lambda
