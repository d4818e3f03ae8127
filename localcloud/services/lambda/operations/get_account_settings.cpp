// GetAccountSettings: shows the account's limits in a region, and what it uses.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Result<GetAccountSettings::Output> get_account_settings(Lambda& room, const wire::Caller& caller,
                                                        GetAccountSettings::Input) {
  GetAccountSettings::Output output;
  each_function(*room.store.snapshot(), caller.account, caller.region, "", [&](const FunctionRecord& record) {
    output.account_limit.unreserved_concurrent_executions -= record.reserved_concurrency.value_or(0);
    output.account_usage.total_code_size += record.code_bytes;
    ++output.account_usage.function_count;
    return storage::Step::go_on;
  });
  return output;
}

}  // namespace localcloud::lambda
