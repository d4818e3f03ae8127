// EnableAlarmActions lets the actions of alarms run again; names that there are none of are passed over.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_EnableAlarmActions.html

#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

wire::Change<Nothing> enable_alarm_actions(Metrics&, const wire::Caller& caller, EnableAlarmActions::Input input) {
  return [place = place_of(caller),
          names = std::move(input.alarm_names)](storage::Transaction& transaction) -> Result<Nothing> {
    for (const std::string& name : names) {
      std::optional<StoredAlarm> stored = find_alarm(transaction, place, name);
      if (!stored) continue;
      stored->alarm.actions_enabled = true;
      write_alarm(transaction, place, *stored);
    }
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
