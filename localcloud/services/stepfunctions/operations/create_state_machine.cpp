// Creates a state machine from its definition.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

wire::Change<CreateStateMachine::Output> create_state_machine(StepFunctions& room, const wire::Caller& caller,
                                                              CreateStateMachine::Input input) {
  if (!is_good_name(input.name)) return failure(invalid_name(input.name));
  TRY(check_publish(input.publish));
  TRY(check_role(input.role_arn));
  TRY(check_definition(input.definition, room.runner.integrations()));
  StateMachine machine;
  machine.id = {caller.account, caller.region, input.name};
  machine.is_express = input.type.value_or(MachineType::standard) == MachineType::express;
  machine.role_arn = input.role_arn;
  machine.created = machine.updated = caller.time;
  machine.revision = room.ids.uuid();
  machine.logging = TRY(check_logging(input.logging));
  TRY(check_log_delivery(room, machine));
  machine.traces = input.tracing && input.tracing->enabled.value_or(false);
  machine.tags = TRY(check_tags(input.tags, machine.id.arn()));
  return [machine = std::move(machine), definition = std::move(input.definition)](
             storage::Transaction& transaction) -> Result<CreateStateMachine::Output> {
    const std::string arn = machine.id.arn();
    if (const std::optional<StateMachine> existing = find_machine(transaction, machine.id)) {
      // The same request again is answered as before; the role and the tags don't count.
      const bool is_same = existing->is_express == machine.is_express && existing->logging == machine.logging &&
                           existing->traces == machine.traces &&
                           find_definition(transaction, machine.id, existing->revision) == definition;
      if (!is_same) return failure(state_machine_exists(arn));
      return CreateStateMachine::Output{arn, {existing->created}};
    }
    put_definition(transaction, machine.id, machine.revision, definition);
    put_machine(transaction, machine);
    return CreateStateMachine::Output{arn, {machine.created}};
  };
}

}  // namespace localcloud::stepfunctions
