// DescribeAlarms gives alarms with their state, by name, at most 100 at a time.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html

#include "base/text.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

bool has_action(const MetricAlarm& alarm, const std::string& prefix) {
  for (const auto* const actions : {&alarm.ok_actions, &alarm.alarm_actions, &alarm.insufficient_data_actions}) {
    if (std::ranges::any_of(*actions, [&prefix](const std::string& arn) { return arn.starts_with(prefix); }))
      return true;
  }
  return false;
}

bool fits(const MetricAlarm& alarm, const DescribeAlarms::Input& input) {
  if (input.alarm_names && std::ranges::find(*input.alarm_names, alarm.alarm_name) == input.alarm_names->end())
    return false;
  if (input.alarm_name_prefix && !alarm.alarm_name.starts_with(*input.alarm_name_prefix)) return false;
  if (input.state_value && *input.state_value != alarm.state_value) return false;
  return !input.action_prefix || has_action(alarm, *input.action_prefix);
}

}  // namespace

Result<DescribeAlarms::Output> describe_alarms(Metrics& room, const wire::Caller& caller, DescribeAlarms::Input input) {
  if (input.alarm_names && input.alarm_name_prefix) return failure(mutually_exclusive("AlarmNames", "AlarmNamePrefix"));
  std::string from = input.alarm_name_prefix.value_or("");
  if (input.next_token) {
    const std::optional<std::string> name = base::from_base64(*input.next_token);
    if (!name) return failure(invalid_next_token());
    from = std::max(from, *name);
  }
  const auto limit = static_cast<std::size_t>(input.max_records.value_or(100));
  DescribeAlarms::Output output;
  // Alarms of metrics unless only composite ones are asked for, of which there are none.
  if (input.alarm_types && !input.alarm_types->empty() &&
      std::ranges::find(*input.alarm_types, AlarmType::metric_alarm) == input.alarm_types->end()) {
    return output;
  }
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  scan_alarms(*reader, place_of(caller), from, [&](StoredAlarm stored) {
    if (!fits(stored.alarm, input)) return storage::Step::go_on;
    if (output.metric_alarms.size() == limit) {
      output.next_token = base::to_base64(stored.alarm.alarm_name);
      return storage::Step::stop;
    }
    output.metric_alarms.push_back(std::move(stored.alarm));
    return storage::Step::go_on;
  });
  return output;
}

}  // namespace localcloud::metrics
