// Changes a state machine; executions that run go on with what they were started with.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

wire::Change<UpdateStateMachine::Output> update_state_machine(StepFunctions& room, const wire::Caller& caller,
                                                              UpdateStateMachine::Input input) {
  TRY(parse_machine_arn(input.state_machine_arn));
  TRY(check_publish(input.publish));
  if (!input.definition && !input.role_arn && !input.logging && !input.tracing) return failure(nothing_to_update());
  if (input.role_arn) TRY(check_role(*input.role_arn));
  if (input.definition) TRY(check_definition(*input.definition, room.runner.integrations()));
  Logging logging = TRY(check_logging(input.logging));
  if (input.logging || input.role_arn) {
    const auto reader = room.store.snapshot();
    StateMachine next = TRY(hold_machine(*reader, caller, input.state_machine_arn));
    if (input.logging) next.logging = logging;
    if (input.role_arn) next.role_arn = *input.role_arn;
    TRY(check_log_delivery(room, next));
  }
  return [caller, input = std::move(input), logging = std::move(logging),
          revision = room.ids.uuid()](storage::Transaction& transaction) -> Result<UpdateStateMachine::Output> {
    StateMachine machine = TRY(hold_machine(transaction, caller, input.state_machine_arn));
    if (input.definition) {
      machine.revision = revision;
      put_definition(transaction, machine.id, revision, *input.definition);
    }
    if (input.role_arn) machine.role_arn = *input.role_arn;
    if (input.logging) machine.logging = logging;
    if (input.tracing) machine.traces = input.tracing->enabled.value_or(false);
    machine.updated = caller.time;
    put_machine(transaction, machine);
    return UpdateStateMachine::Output{{machine.updated}, machine.revision};
  };
}

}  // namespace localcloud::stepfunctions
