// Answers a Standard execution's events. They aren't stored: the machine runs once more over what was delivered to it.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html

#include <algorithm>

#include "base/text.hpp"
#include "json/value.hpp"
#include "localcloud/services/stepfunctions/errors.hpp"
#include "localcloud/services/stepfunctions/executions/observer.hpp"
#include "localcloud/services/stepfunctions/machines.hpp"

namespace localcloud::stepfunctions {
namespace {

std::vector<asl::Event> replay(StepFunctions& room, const storage::Reader& reader, const Execution& execution) {
  asl::Machine machine(definition_of(room, reader, execution.id.machine, execution.revision), facts_of(execution),
                       asl::Recording::events);
  machine.start();
  for (asl::Delivery& delivery : read_journal(reader, execution.id)) machine.deliver(std::move(delivery));
  return machine.take_events();
}

// Seconds with milliseconds, as awsJson has timestamps.
json::Number seconds(base::Time time) {
  const std::int64_t ms = base::to_unix_ms(time);
  std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  return json::Number::from_text(std::to_string(ms / 1000) + "." + fraction);
}

json::Value show(asl::Event event, bool includes_data) {
  if (!includes_data) remove_execution_data(event);
  json::Object shown{
      {"timestamp", seconds(event.time)}, {"type", event.type}, {"id", event.id}, {"previousEventId", event.previous}};
  if (!event.details_name.empty()) shown.append(event.details_name, std::move(event.details));
  return json::Value(std::move(shown));
}

}  // namespace

Result<GetExecutionHistory::Output> get_execution_history(StepFunctions& room, const wire::Caller& caller,
                                                          GetExecutionHistory::Input input) {
  const auto reader = room.store.snapshot();
  const Execution execution = TRY(hold_execution(*reader, caller, input.execution_arn));
  const std::string position = TRY(read_token(input.next_token));
  const std::optional<std::uint64_t> from = position.empty() ? 0 : base::to_number<std::uint64_t>(position);
  if (!from) return failure(invalid_token());
  std::vector<asl::Event> events = replay(room, *reader, execution);
  if (input.reverse_order.value_or(false)) std::ranges::reverse(events);
  const auto page = static_cast<std::uint64_t>(page_size(input.max_results));
  GetExecutionHistory::Output output;
  for (std::uint64_t i = *from; i < events.size() && output.events.size() < page; ++i) {
    output.events.push_back(show(std::move(events[i]), input.include_execution_data.value_or(true)));
  }
  if (*from < events.size() && *from + page < events.size())
    output.next_token = write_token(std::to_string(*from + page));
  return output;
}

}  // namespace localcloud::stepfunctions
