// Ends a running Standard execution.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html

#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Task<Result<StopExecution::Output>> stop_execution(StepFunctions& room, const wire::Caller& caller,
                                                   StopExecution::Input input) {
  Result<Execution> execution = hold_execution(*room.store.snapshot(), caller, input.execution_arn);
  if (!execution) co_return failure(std::move(execution.error()));
  asl::Failure why{std::move(input.error), std::move(input.cause)};
  StopExecution::Output output;
  const std::optional<Execution> ended = co_await room.runner.stop(execution->id, std::move(why));
  // One that has ended already is answered with its own end.
  output.stop_date = {ended ? ended->stopped : execution->stopped};
  co_return output;
}

}  // namespace localcloud::stepfunctions
