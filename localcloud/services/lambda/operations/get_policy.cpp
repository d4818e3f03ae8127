// GetPolicy: shows a function's resource policy.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<GetPolicy::Output> get_policy(Lambda& room, const wire::Caller& caller, GetPolicy::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  const FunctionRecord record = TRY(hold_function(*room.store.snapshot(), id));
  if (record.statements.empty()) return failure(policy_not_found());
  return GetPolicy::Output{room.outside.policies.show(record.policy()), record.revision_id};
}

}  // namespace localcloud::lambda
