// Starts an execution; its start is durable before the answer.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {
namespace {

Result<RunningPointer> take_on(StepFunctions& room, const wire::Caller& caller, const StartExecution::Input& input) {
  const auto machine = TRY(kept_machine(room, caller, input.state_machine_arn));
  Execution execution = TRY(prepare_execution(room, caller, *machine, input.name, input.input, input.trace_header));
  asl::Definition definition = definition_of(room, room.store.current(), machine->id, machine->revision);
  RunningPointer one = room.runner.take_on(std::move(execution), std::move(definition));
  if (!one) return failure(machine->is_express ? rate_exceeded() : execution_limit_exceeded());
  return one;
}

enum class Started { now, before };
struct Outcome {
  Started started;
  base::Time at;
};

// Standard executions go by their name: the same start again, while it runs, is answered as before.
Result<Outcome> put_execution(storage::Transaction& transaction, const Execution& execution) {
  if (!execution.id.is_express()) {
    if (const std::optional<Execution> existing = find_execution(transaction, execution.id)) {
      const bool is_same = existing->status == asl::Status::running && existing->input == execution.input;
      if (!is_same) return failure(execution_exists(execution.id.arn()));
      return Outcome{Started::before, existing->started};
    }
  }
  put_started(transaction, execution);
  return Outcome{Started::now, execution.started};
}

}  // namespace

Task<Result<StartExecution::Output>> start_execution(StepFunctions& room, const wire::Caller& caller,
                                                     StartExecution::Input input) {
  Result<RunningPointer> one = take_on(room, caller, input);
  if (!one) co_return failure(std::move(one.error()));
  const Execution& execution = execution_of(**one);
  storage::WriteFunction<Outcome> change = [&execution](storage::Transaction& transaction) {
    return put_execution(transaction, execution);
  };
  const Result<Outcome> outcome = co_await room.store.write<Outcome>(std::move(change));
  if (!outcome) co_return failure(outcome.error());
  StartExecution::Output output;
  output.execution_arn = execution.id.arn();
  output.start_date = {outcome->at};
  if (outcome->started == Started::now) room.runner.start(*std::move(one));
  co_return output;
}

}  // namespace localcloud::stepfunctions
