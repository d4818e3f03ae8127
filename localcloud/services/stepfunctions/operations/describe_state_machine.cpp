// Answers a state machine's definition and configuration.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html

#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Result<DescribeStateMachine::Output> describe_state_machine(StepFunctions& room, const wire::Caller& caller,
                                                            DescribeStateMachine::Input input) {
  const auto reader = room.store.snapshot();
  const StateMachine machine = TRY(hold_machine(*reader, caller, input.state_machine_arn));
  DescribeStateMachine::Output output;
  output.state_machine_arn = input.state_machine_arn;
  output.name = machine.id.name;
  output.status = MachineStatus::active;
  output.definition = find_definition(*reader, machine.id, machine.revision).value_or("");
  output.role_arn = machine.role_arn;
  output.type = machine.is_express ? MachineType::express : MachineType::standard;
  output.creation_date = {machine.created};
  output.logging = show_logging(machine.logging);
  output.tracing = TracingConfiguration{machine.traces};
  output.revision_id = machine.revision;
  return output;
}

}  // namespace localcloud::stepfunctions
