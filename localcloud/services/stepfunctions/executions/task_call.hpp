#pragma once
// Carries out what a Task state asks for: a function or a service's API, with the results and the error names that AWS
// gives.

#include <string>

#include "localcloud/services/stepfunctions/asl/machine.hpp"
#include "localcloud/services/stepfunctions/integrations.hpp"
#include "localcloud/services/stepfunctions/names.hpp"

namespace localcloud::stepfunctions {

// Why the definition's tasks can't be run here, or nothing: "The resource provided … is not supported …".
std::optional<std::string> unknown_resource(const asl::Block& block, const Integrations& integrations);

// The task's result or failure, as it is delivered to the machine; its `command` and `time` are left to the caller.
Task<asl::Delivery> call_task(asl::Command command, MachineId machine, std::string request_id,
                              Integrations& integrations, LambdaInvoker& functions);

}  // namespace localcloud::stepfunctions
