// Lists a Standard state machine's executions, the latest first.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html

#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {
namespace {

std::optional<asl::Status> wanted_status(std::optional<ExecutionStatus> filter) {
  if (!filter) return std::nullopt;
  return static_cast<asl::Status>(*filter);
}

}  // namespace

Result<ListExecutions::Output> list_executions(StepFunctions& room, const wire::Caller& caller,
                                               ListExecutions::Input input) {
  if (!input.state_machine_arn)
    return failure({"ValidationException", "Either stateMachineArn or mapRunArn must be provided"});
  const auto reader = room.store.snapshot();
  const StateMachine machine = TRY(hold_machine(*reader, caller, *input.state_machine_arn));
  if (machine.is_express) return failure(type_not_supported());
  const std::string after = TRY(read_token(input.next_token));
  // The token is a position in the list: eight bytes of time, then the name's at least two.
  if (!after.empty() && after.size() < 10) return failure(invalid_token());
  const auto page = static_cast<std::size_t>(page_size(input.max_results));
  ListExecutions::Output output;
  std::string last;
  scan_executions(*reader, machine.id, after, wanted_status(input.status_filter),
                  [&](const Execution& execution, std::string token) {
                    if (output.executions.size() == page) {
                      output.next_token = write_token(last);
                      return storage::Step::stop;
                    }
                    ExecutionListItem item{execution.id.arn(),
                                           execution.id.machine.arn(),
                                           execution.id.name,
                                           show_status(execution.status),
                                           {execution.started}};
                    if (execution.status != asl::Status::running) item.stop_date = wire::Timestamp{execution.stopped};
                    item.redrive_count = 0;
                    output.executions.push_back(std::move(item));
                    last = std::move(token);
                    return storage::Step::go_on;
                  });
  return output;
}

}  // namespace localcloud::stepfunctions
