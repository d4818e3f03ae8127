// Lists the state machines of the account in the region, by name.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html

#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {

Result<ListStateMachines::Output> list_state_machines(StepFunctions& room, const wire::Caller& caller,
                                                      ListStateMachines::Input input) {
  const std::string after = TRY(read_token(input.next_token));
  const auto page = static_cast<std::size_t>(page_size(input.max_results));
  ListStateMachines::Output output;
  scan_machines(*room.store.snapshot(), caller.account, caller.region, after, [&](const StateMachine& machine) {
    if (output.state_machines.size() == page) {
      output.next_token = write_token(output.state_machines.back().name);
      return storage::Step::stop;
    }
    const MachineType type = machine.is_express ? MachineType::express : MachineType::standard;
    output.state_machines.push_back({machine.id.arn(), machine.id.name, type, {machine.created}});
    return storage::Step::go_on;
  });
  return output;
}

}  // namespace localcloud::stepfunctions
