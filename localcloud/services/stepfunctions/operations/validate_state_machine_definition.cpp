// Says what is wrong with a definition, without creating anything.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html

#include "localcloud/services/stepfunctions/executions/task_call.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Result<ValidateStateMachineDefinition::Output> validate_state_machine_definition(
    StepFunctions& room, const wire::Caller&, ValidateStateMachineDefinition::Input input) {
  ValidateStateMachineDefinition::Output output;
  const auto definition = asl::parse_definition(input.definition);
  if (definition) {
    if (const std::optional<std::string> unknown = unknown_resource(**definition, room.runner.integrations())) {
      output.diagnostics.push_back({Severity::error, "SCHEMA_VALIDATION_FAILED", *unknown, std::nullopt});
    }
  } else {
    const std::int32_t max = input.max_results.value_or(0);
    for (const asl::Flaw& flaw : definition.error()) {
      if (max > 0 && output.diagnostics.size() == static_cast<std::size_t>(max)) {
        output.truncated = true;
        break;
      }
      output.diagnostics.push_back({Severity::error, flaw.code, flaw.message,
                                    flaw.location.empty() ? std::nullopt : std::optional(flaw.location)});
    }
  }
  output.result = output.diagnostics.empty() ? ValidationResult::ok : ValidationResult::fail;
  return output;
}

}  // namespace localcloud::stepfunctions
