// Answers where a Standard execution stands; Express ones aren't kept, and AWS refuses their ARNs.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html

#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Result<DescribeExecution::Output> describe_execution(StepFunctions& room, const wire::Caller& caller,
                                                     DescribeExecution::Input input) {
  const Execution execution = TRY(hold_execution(*room.store.snapshot(), caller, input.execution_arn));
  DescribeExecution::Output output;
  output.execution_arn = input.execution_arn;
  output.state_machine_arn = execution.id.machine.arn();
  output.name = execution.id.name;
  output.status = show_status(execution.status);
  output.start_date = {execution.started};
  const bool includes_data = input.included_data != IncludedData::metadata_only;
  if (includes_data) {
    output.input = execution.input;
    output.input_details.emplace();
  }
  if (!execution.trace_header.empty()) output.trace_header = execution.trace_header;
  output.error = execution.failure.error;
  output.cause = execution.failure.cause;
  output.redrive_count = 0;
  output.redrive_status = "NOT_REDRIVABLE";
  const std::string status(wire::to_wire(output.status));
  // Unlike AWS: RedriveExecution isn't here, so an execution that failed isn't redrivable either.
  output.redrive_status_reason = "Execution is " + status + " and cannot be redriven";
  if (execution.status == asl::Status::running) return output;
  output.stop_date = wire::Timestamp{execution.stopped};
  if (execution.status == asl::Status::succeeded && includes_data) {
    output.output = execution.output;
    output.output_details.emplace();
  }
  return output;
}

}  // namespace localcloud::stepfunctions
