// Vended logs and metrics of executions.
// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html

#include "localcloud/services/stepfunctions/executions/observer.hpp"

#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/timestamp.hpp"

namespace localcloud::stepfunctions {
namespace {

bool is_logged(std::string_view level, std::string_view type) {
  if (level == "ALL" || level == "OFF") return level == "ALL";
  const bool is_fatal = type == "ExecutionFailed" || type == "ExecutionAborted" || type == "ExecutionTimedOut";
  if (level == "FATAL") return is_fatal;
  return asl::is_failure(type);
}

// One stream for each machine and hour, as AWS names them.
std::string stream_name(const Execution& execution, base::Time time) {
  std::string hour = asl::write_timestamp(time).substr(0, 13);
  hour[10] = '-';
  return "states/" + execution.id.machine.name + "/" + hour + "-00/" + execution.revision.substr(0, 8);
}

}  // namespace

void remove_execution_data(asl::Event& event) {
  for (const std::string_view name : {"input", "inputDetails", "output", "outputDetails", "parameters",
                                      "assignedVariables", "assignedVariablesDetails"}) {
    event.details.erase(name);
  }
}

void Observer::started(const Execution& execution) {
  count(execution, "ExecutionsStarted", 1, "Count");
}

void Observer::saw(const Execution& execution, std::vector<asl::Event> events) {
  std::vector<LogLine> lines;
  for (asl::Event& event : events) {
    if (!is_logged(execution.logging.level, event.type)) continue;
    if (!execution.logging.includes_data) remove_execution_data(event);
    const json::Object line{{"id", std::to_string(event.id)},
                            {"type", event.type},
                            {"details", std::move(event.details)},
                            {"previous_event_id", std::to_string(event.previous)},
                            {"event_timestamp", std::to_string(base::to_unix_ms(event.time))},
                            {"execution_arn", execution.id.arn()},
                            {"redrive_count", "0"}};
    lines.push_back({event.time, json::write(line)});
  }
  if (lines.empty()) return;
  const std::string stream = stream_name(execution, lines.front().time);
  logs_.append(execution.logging.group_arn, stream, std::move(lines));
}

void Observer::ended(const Execution& execution) {
  static constexpr std::string_view kNames[] = {"", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut",
                                                "ExecutionsAborted"};
  count(execution, kNames[static_cast<std::size_t>(execution.status)], 1, "Count");
  count(execution, "ExecutionTime", static_cast<double>((execution.stopped - execution.started).count()) / 1000.0,
        "Milliseconds");
}

void Observer::count(const Execution& execution, std::string_view name, double value, std::string_view unit) {
  const MachineId& machine = execution.id.machine;
  metrics_.record(machine.account, machine.region, machine.arn(), {std::string(name), value, std::string(unit)});
}

}  // namespace localcloud::stepfunctions
