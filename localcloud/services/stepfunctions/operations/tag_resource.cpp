// Adds tags to a state machine, or replaces their values.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

wire::Change<TagResource::Output> tag_resource(StepFunctions&, const wire::Caller& caller, TagResource::Input input) {
  TRY(parse_machine_arn(input.resource_arn));
  auto tags = TRY(check_tags(input.tags, input.resource_arn));
  return [caller, arn = std::move(input.resource_arn),
          tags = std::move(tags)](storage::Transaction& transaction) -> Result<TagResource::Output> {
    Result<StateMachine> machine = hold_machine(transaction, caller, arn);
    if (!machine) return failure(no_such_resource(arn));
    for (const auto& [key, value] : tags) machine->tags[key] = value;
    if (machine->tags.size() > kTagsMax) return failure(too_many_tags(arn));
    put_machine(transaction, *machine);
    return Nothing{};
  };
}

}  // namespace localcloud::stepfunctions
