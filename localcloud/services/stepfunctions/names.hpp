#pragma once
// The names and ARNs of state machines and executions. Pure.

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::stepfunctions {

// A state machine, wherever it is.
struct MachineId {
  std::string account, region, name;

  std::string arn() const;  // arn:aws:states:<region>:<account>:stateMachine:<name>
  bool operator==(const MachineId&) const = default;
};

// An execution. Express ones go by their name and a UUID, because their names may repeat.
struct ExecutionId {
  MachineId machine;
  std::string name;
  std::string uuid = {};  // of an Express one only

  bool is_express() const { return !uuid.empty(); }
  std::string arn() const;  // …:execution:<machine>:<name>, …:express:<machine>:<name>:<uuid>
};

// What may stand in names: no white space, brackets, wildcards, control characters or "#%\^|~`$&,;:/.
bool is_good_name(std::string_view name);

// InvalidArn where the text isn't the ARN of a state machine.
Result<MachineId> parse_machine_arn(std::string_view text);
// InvalidArn where the text isn't the ARN of a Standard execution; Express ones aren't kept, so no operation takes
// them.
Result<ExecutionId> parse_execution_arn(std::string_view text);

}  // namespace localcloud::stepfunctions
