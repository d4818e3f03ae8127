#pragma once
// What several operations on state machines and executions check and show.

#include <optional>
#include <string>

#include "localcloud/services/stepfunctions/service.hpp"

namespace localcloud::stepfunctions {

constexpr std::size_t kTagsMax = 50;
constexpr std::int32_t kPageSizeDefault = 100;

// The state machine of that ARN, where it is in the caller's region.
Result<StateMachine> hold_machine(const storage::Reader& reader, const wire::Caller& caller, const std::string& arn);
// The same, for what starts an execution: it isn't read again while it doesn't change.
Result<std::shared_ptr<const StateMachine>> kept_machine(StepFunctions& room, const wire::Caller& caller,
                                                         const std::string& arn);
Result<Execution> hold_execution(const storage::Reader& reader, const wire::Caller& caller, const std::string& arn);

// InvalidDefinition where AWS refuses the text, or where this server can't run it.
Result<Done> check_definition(const std::string& text, const Integrations& integrations);
Result<Done> check_role(const std::string& arn);
Result<Logging> check_logging(const std::optional<LoggingConfiguration>& configuration);
// AccessDenied where there is a destination and the role may not set up the delivery of logs to it.
Result<Done> check_log_delivery(StepFunctions& room, const StateMachine& machine);
Result<std::map<std::string, std::string>> check_tags(const std::optional<std::vector<Tag>>& tags,
                                                      const std::string& arn);
// Versions aren't here.
Result<Done> check_publish(std::optional<bool> publish);

LoggingConfiguration show_logging(const Logging& logging);
ExecutionStatus show_status(asl::Status status);

// The definition of an execution's revision, parsed.
asl::Definition definition_of(StepFunctions& room, const storage::Reader& reader, const MachineId& machine,
                              const std::string& revision);

std::int32_t page_size(std::optional<std::int32_t> max_results);
std::string write_token(std::string_view position);
Result<std::string> read_token(const std::optional<std::string>& token);  // empty: from the start

// An execution about to start, with its name, input and ARN checked.
Result<Execution> prepare_execution(StepFunctions& room, const wire::Caller& caller, const StateMachine& machine,
                                    const std::optional<std::string>& name, const std::optional<std::string>& input,
                                    const std::optional<std::string>& trace_header);

}  // namespace localcloud::stepfunctions
