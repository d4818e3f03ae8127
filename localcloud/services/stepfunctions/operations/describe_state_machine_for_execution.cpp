// Answers the state machine as it was when the execution started.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html

#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Result<DescribeStateMachineForExecution::Output> describe_state_machine_for_execution(
    StepFunctions& room, const wire::Caller& caller, DescribeStateMachineForExecution::Input input) {
  const auto reader = room.store.snapshot();
  const Execution execution = TRY(hold_execution(*reader, caller, input.execution_arn));
  const std::optional<StateMachine> machine = find_machine(*reader, execution.id.machine);
  DescribeStateMachineForExecution::Output output;
  output.state_machine_arn = execution.id.machine.arn();
  output.name = execution.id.machine.name;
  output.definition = find_definition(*reader, execution.id.machine, execution.revision).value_or("");
  output.role_arn = execution.role_arn;
  output.update_date = {machine ? machine->updated : execution.started};
  output.logging = show_logging(execution.logging);
  output.revision_id = execution.revision;
  return output;
}

}  // namespace localcloud::stepfunctions
