// Removes tags from a state machine.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UntagResource.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

wire::Change<UntagResource::Output> untag_resource(StepFunctions&, const wire::Caller& caller,
                                                   UntagResource::Input input) {
  TRY(parse_machine_arn(input.resource_arn));
  return [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<UntagResource::Output> {
    Result<StateMachine> machine = hold_machine(transaction, caller, input.resource_arn);
    if (!machine) return failure(no_such_resource(input.resource_arn));
    for (const std::string& key : input.tag_keys) machine->tags.erase(key);
    put_machine(transaction, *machine);
    return Nothing{};
  };
}

}  // namespace localcloud::stepfunctions
