// PutFunctionConcurrency: reserves a number of concurrent executions for a function, and limits it to them.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

namespace {
constexpr int kAccountMax = 1000;
constexpr int kUnreservedMin = 100;
}  // namespace

wire::Change<Concurrency> put_function_concurrency(Lambda& room, const wire::Caller& caller,
                                                   PutFunctionConcurrency::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  return [&room, id,
          wanted = input.reserved_concurrent_executions](storage::Transaction& transaction) -> Result<Concurrency> {
    FunctionRecord record = TRY(hold_function(transaction, id));
    std::int64_t reserved = wanted;
    each_function(transaction, id.account, id.region, "", [&](const FunctionRecord& other) {
      if (other.name != id.name) reserved += other.reserved_concurrency.value_or(0);
      return storage::Step::go_on;
    });
    if (reserved > kAccountMax - kUnreservedMin) return failure(concurrency_too_high(kUnreservedMin));
    record.reserved_concurrency = wanted;
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    return Concurrency{wanted};
  };
}

}  // namespace localcloud::lambda
