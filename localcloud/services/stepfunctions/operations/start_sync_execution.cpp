// Runs an Express execution to its end and answers its output.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {
namespace {

Result<RunningPointer> take_on(StepFunctions& room, const wire::Caller& caller,
                               const StartSyncExecution::Input& input) {
  const auto machine = TRY(kept_machine(room, caller, input.state_machine_arn));
  if (!machine->is_express) return failure(type_not_supported());
  Execution execution = TRY(prepare_execution(room, caller, *machine, input.name, input.input, input.trace_header));
  asl::Definition definition = definition_of(room, room.store.current(), machine->id, machine->revision);
  RunningPointer one = room.runner.take_on(std::move(execution), std::move(definition));
  if (!one) return failure(rate_exceeded());
  return one;
}

SyncStatus sync_status(asl::Status status) {
  if (status == asl::Status::succeeded) return SyncStatus::succeeded;
  return status == asl::Status::timed_out ? SyncStatus::timed_out : SyncStatus::failed;
}

// Unlike AWS: nothing is billed; the duration is rounded up to 100 ms as AWS bills it, the memory is the least it
// bills.
BillingDetails billing_of(const Execution& execution) {
  const std::int64_t ms = (execution.stopped - execution.started).count() / 1000;
  return {64, std::max<std::int64_t>(100, (ms + 99) / 100 * 100)};
}

}  // namespace

Task<Result<StartSyncExecution::Output>> start_sync_execution(StepFunctions& room, const wire::Caller& caller,
                                                              StartSyncExecution::Input input) {
  Result<RunningPointer> one = take_on(room, caller, input);
  if (!one) co_return failure(std::move(one.error()));
  const Execution ended = co_await room.runner.run_to_end(*std::move(one));
  StartSyncExecution::Output output;
  output.execution_arn = ended.id.arn();
  output.state_machine_arn = ended.id.machine.arn();
  output.name = ended.id.name;
  output.start_date = {ended.started};
  output.stop_date = {ended.stopped};
  output.status = sync_status(ended.status);
  output.error = ended.failure.error;
  output.cause = ended.failure.cause;
  if (!ended.trace_header.empty()) output.trace_header = ended.trace_header;
  output.billing = billing_of(ended);
  if (input.included_data != IncludedData::metadata_only) {
    output.input = ended.input;
    output.input_details.emplace();
    if (ended.status == asl::Status::succeeded) {
      output.output = ended.output;
      output.output_details.emplace();
    }
  }
  co_return output;
}

}  // namespace localcloud::stepfunctions
