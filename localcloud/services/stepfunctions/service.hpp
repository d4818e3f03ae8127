#pragma once
// Step Functions' front desk: what the room needs, and one function for each operation.

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "localcloud/services/stepfunctions/api.hpp"
#include "localcloud/services/stepfunctions/execution_api.hpp"
#include "localcloud/services/stepfunctions/executions/runner.hpp"
#include "localcloud/storage/kept.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::stepfunctions {

struct StepFunctions {
  storage::Store& store;
  const base::Clock& clock;
  base::Ids& ids;
  Runner& runner;
  storage::Kept<StateMachine> machines = {};
};

wire::Change<CreateStateMachine::Output> create_state_machine(StepFunctions&, const wire::Caller&,
                                                              CreateStateMachine::Input);
wire::Change<UpdateStateMachine::Output> update_state_machine(StepFunctions&, const wire::Caller&,
                                                              UpdateStateMachine::Input);
Result<DescribeStateMachine::Output> describe_state_machine(StepFunctions&, const wire::Caller&,
                                                            DescribeStateMachine::Input);
Result<ListStateMachines::Output> list_state_machines(StepFunctions&, const wire::Caller&, ListStateMachines::Input);
wire::Change<DeleteStateMachine::Output> delete_state_machine(StepFunctions&, const wire::Caller&,
                                                              DeleteStateMachine::Input);
wire::Change<TagResource::Output> tag_resource(StepFunctions&, const wire::Caller&, TagResource::Input);
wire::Change<UntagResource::Output> untag_resource(StepFunctions&, const wire::Caller&, UntagResource::Input);
Result<ListTagsForResource::Output> list_tags_for_resource(StepFunctions&, const wire::Caller&,
                                                           ListTagsForResource::Input);
Result<ValidateStateMachineDefinition::Output> validate_state_machine_definition(StepFunctions&, const wire::Caller&,
                                                                                 ValidateStateMachineDefinition::Input);

Task<Result<StartExecution::Output>> start_execution(StepFunctions&, const wire::Caller&, StartExecution::Input);
Task<Result<StartSyncExecution::Output>> start_sync_execution(StepFunctions&, const wire::Caller&,
                                                              StartSyncExecution::Input);
Result<DescribeExecution::Output> describe_execution(StepFunctions&, const wire::Caller&, DescribeExecution::Input);
Result<ListExecutions::Output> list_executions(StepFunctions&, const wire::Caller&, ListExecutions::Input);
Result<GetExecutionHistory::Output> get_execution_history(StepFunctions&, const wire::Caller&,
                                                          GetExecutionHistory::Input);
Task<Result<StopExecution::Output>> stop_execution(StepFunctions&, const wire::Caller&, StopExecution::Input);
Result<DescribeStateMachineForExecution::Output> describe_state_machine_for_execution(
    StepFunctions&, const wire::Caller&, DescribeStateMachineForExecution::Input);

wire::Service front_desk(StepFunctions& room);

}  // namespace localcloud::stepfunctions
