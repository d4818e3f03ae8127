// The table of operations.

#include "localcloud/services/stepfunctions/service.hpp"

namespace localcloud::stepfunctions {
namespace {

constexpr wire::Operation kOperations[] = {
    wire::operation<CreateStateMachine, &create_state_machine>(),
    wire::operation<UpdateStateMachine, &update_state_machine>(),
    wire::operation<DescribeStateMachine, &describe_state_machine>(),
    wire::operation<ListStateMachines, &list_state_machines>(),
    wire::operation<DeleteStateMachine, &delete_state_machine>(),
    wire::operation<TagResource, &tag_resource>(),
    wire::operation<UntagResource, &untag_resource>(),
    wire::operation<ListTagsForResource, &list_tags_for_resource>(),
    wire::operation<ValidateStateMachineDefinition, &validate_state_machine_definition>(),
    wire::operation<StartExecution, &start_execution>(),
    wire::operation<StartSyncExecution, &start_sync_execution>(),
    wire::operation<DescribeExecution, &describe_execution>(),
    wire::operation<ListExecutions, &list_executions>(),
    wire::operation<GetExecutionHistory, &get_execution_history>(),
    wire::operation<StopExecution, &stop_execution>(),
    wire::operation<DescribeStateMachineForExecution, &describe_state_machine_for_execution>(),
};

}  // namespace

wire::Service front_desk(StepFunctions& room) {
  return {.name = "stepfunctions",
          .signing_name = "states",
          .target_prefix = "AWSStepFunctions",
          .json_version = "1.0",
          .body_max = 2 << 20,
          .operations = kOperations,
          .room = &room};
}

}  // namespace localcloud::stepfunctions
