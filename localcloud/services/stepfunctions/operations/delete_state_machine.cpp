// Deletes a state machine; deleting one that isn't there succeeds too.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html

#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

// Unlike AWS: the machine is gone at once, without the status DELETING, and its running executions run to their end.
wire::Change<DeleteStateMachine::Output> delete_state_machine(StepFunctions&, const wire::Caller& caller,
                                                              DeleteStateMachine::Input input) {
  MachineId id = TRY(parse_machine_arn(input.state_machine_arn));
  return [id = std::move(id),
          region = caller.region](storage::Transaction& transaction) -> Result<DeleteStateMachine::Output> {
    if (id.region == region) erase_machine(transaction, id);
    return Nothing{};
  };
}

}  // namespace localcloud::stepfunctions
