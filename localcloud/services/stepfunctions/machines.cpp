// What several operations on state machines and executions check and show.

#include "localcloud/services/stepfunctions/machines.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "localcloud/services/stepfunctions/asl/limits.hpp"
#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/executions/task_call.hpp"

namespace localcloud::stepfunctions {

Result<StateMachine> hold_machine(const storage::Reader& reader, const wire::Caller& caller, const std::string& arn) {
  const MachineId id = TRY(parse_machine_arn(arn));
  std::optional<StateMachine> machine;
  if (id.region == caller.region) machine = find_machine(reader, id);
  if (!machine) return failure(no_such_state_machine(arn));
  return std::move(*machine);
}

Result<std::shared_ptr<const StateMachine>> kept_machine(StepFunctions& room, const wire::Caller& caller,
                                                         const std::string& arn) {
  const MachineId id = TRY(parse_machine_arn(arn));
  std::shared_ptr<const StateMachine> machine;
  if (id.region == caller.region) {
    machine = room.machines.find(room.store.current(), machine_key(id),
                                 [&id](std::string_view record) { return read_machine(id, record); });
  }
  if (!machine) return failure(no_such_state_machine(arn));
  return machine;
}

Result<Execution> hold_execution(const storage::Reader& reader, const wire::Caller& caller, const std::string& arn) {
  const ExecutionId id = TRY(parse_execution_arn(arn));
  std::optional<Execution> execution;
  if (id.machine.region == caller.region) execution = find_execution(reader, id);
  if (!execution) return failure(no_such_execution(arn));
  return std::move(*execution);
}

Result<Done> check_definition(const std::string& text, const Integrations& integrations) {
  const auto definition = asl::parse_definition(text);
  if (!definition) return failure(invalid_definition(asl::describe(definition.error())));
  if (const std::optional<std::string> unknown = unknown_resource(**definition, integrations))
    return failure(invalid_definition(*unknown));
  return Done{};
}

Result<Done> check_role(const std::string& arn) {
  const std::optional<aws::Arn> parsed = aws::parse_arn(arn);
  if (!parsed || parsed->service != "iam" || !parsed->resource.starts_with("role/"))
    return failure(invalid_arn("Invalid Role Arn: " + arn));
  return Done{};
}

Result<Logging> check_logging(const std::optional<LoggingConfiguration>& configuration) {
  Logging logging;
  if (!configuration) return logging;
  logging.level = std::string(wire::to_wire(configuration->level.value_or(LogLevel::off)));
  logging.includes_data = configuration->include_execution_data.value_or(false);
  const std::size_t count = configuration->destinations ? configuration->destinations->size() : 0;
  if (count > 1 || (count == 0 && logging.level != "OFF")) return failure(no_log_destination());
  if (count == 0) return logging;
  const LogDestination& destination = configuration->destinations->front();
  logging.group_arn = destination.log_group ? destination.log_group->log_group_arn.value_or("") : "";
  const std::optional<aws::Arn> arn = aws::parse_arn(logging.group_arn);
  if (!arn || arn->service != "logs" || !arn->resource.starts_with("log-group:") || !arn->resource.ends_with(":*")) {
    return failure(bad_log_destination(logging.group_arn));
  }
  return logging;
}

// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
Result<Done> check_log_delivery(StepFunctions& room, const StateMachine& machine) {
  if (machine.logging.group_arn.empty() || machine.logging.level == "OFF") return Done{};
  const Acting acting{machine.role_arn, machine.id.arn(), machine.id.account, machine.id.region};
  for (const std::string_view action : {"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery",
                                        "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy",
                                        "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"}) {
    if (!room.runner.integrations().may(acting, action, "*")) return failure(may_not_deliver_logs());
  }
  return Done{};
}

Result<std::map<std::string, std::string>> check_tags(const std::optional<std::vector<Tag>>& tags,
                                                      const std::string& arn) {
  std::map<std::string, std::string> checked;
  if (!tags) return checked;
  for (const Tag& tag : *tags) {
    if (!tag.key || tag.key->starts_with("aws:"))
      return failure(invalid_tag("Tag keys must be present and must not begin with aws:"));
    checked[*tag.key] = tag.value.value_or("");
  }
  if (checked.size() > kTagsMax) return failure(too_many_tags(arn));
  return checked;
}

Result<Done> check_publish(std::optional<bool> publish) {
  if (publish.value_or(false))
    return failure({"ValidationException", "publish is not supported by this server yet: versions aren't"});
  return Done{};
}

LoggingConfiguration show_logging(const Logging& logging) {
  LoggingConfiguration shown;
  for (const LogLevel level : {LogLevel::all, LogLevel::error, LogLevel::fatal, LogLevel::off}) {
    if (wire::to_wire(level) == logging.level) shown.level = level;
  }
  shown.include_execution_data = logging.includes_data;
  if (!logging.group_arn.empty()) shown.destinations = {LogDestination{LogGroup{logging.group_arn}}};
  return shown;
}

ExecutionStatus show_status(asl::Status status) {
  return static_cast<ExecutionStatus>(status);
}

asl::Definition definition_of(StepFunctions& room, const storage::Reader& reader, const MachineId& machine,
                              const std::string& revision) {
  if (asl::Definition kept = room.runner.definitions().find(revision)) return kept;
  const std::optional<std::string> text = find_definition(reader, machine, revision);
  CHECK(text.has_value());
  return room.runner.definitions().parse(revision, *text);
}

std::int32_t page_size(std::optional<std::int32_t> max_results) {
  const std::int32_t size = max_results.value_or(0);
  return size == 0 ? kPageSizeDefault : size;
}

std::string write_token(std::string_view position) {
  return base::to_base64(position);
}

Result<std::string> read_token(const std::optional<std::string>& token) {
  if (!token) return std::string();
  std::optional<std::string> position = base::from_base64(*token);
  if (!position || position->empty()) return failure(invalid_token());
  return std::move(*position);
}

Result<Execution> prepare_execution(StepFunctions& room, const wire::Caller& caller, const StateMachine& machine,
                                    const std::optional<std::string>& name, const std::optional<std::string>& input,
                                    const std::optional<std::string>& trace_header) {
  Execution execution;
  if (name && !is_good_name(*name)) return failure(invalid_name(*name));
  execution.input = input.value_or("{}");
  if (execution.input.size() > asl::kPayloadMax)
    return failure(invalid_execution_input("The input is larger than the limit of 262144 bytes"));
  const auto value = json::parse(execution.input, {.depth_max = static_cast<std::size_t>(asl::kPayloadDepthMax)});
  if (!value) return failure(invalid_execution_input(value.error().describe()));
  execution.id.machine = machine.id;
  execution.id.name = name.value_or("");
  if (execution.id.name.empty()) execution.id.name = room.ids.uuid();
  if (machine.is_express) execution.id.uuid = room.ids.uuid();
  execution.revision = machine.revision;
  execution.role_arn = machine.role_arn;
  execution.trace_header = trace_header.value_or("");
  execution.seed = room.ids.below(UINT64_MAX);
  execution.logging = machine.logging;
  execution.started = caller.time;
  return execution;
}

}  // namespace localcloud::stepfunctions
