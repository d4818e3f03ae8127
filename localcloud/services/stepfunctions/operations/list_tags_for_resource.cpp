// Lists a state machine's tags.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListTagsForResource.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Result<ListTagsForResource::Output> list_tags_for_resource(StepFunctions& room, const wire::Caller& caller,
                                                           ListTagsForResource::Input input) {
  TRY(parse_machine_arn(input.resource_arn));
  const Result<StateMachine> machine = hold_machine(*room.store.snapshot(), caller, input.resource_arn);
  if (!machine) return failure(no_such_resource(input.resource_arn));
  ListTagsForResource::Output output;
  output.tags.emplace();
  for (const auto& [key, value] : machine->tags) output.tags->push_back({key, value});
  return output;
}

}  // namespace localcloud::stepfunctions
