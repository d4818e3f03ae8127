// DeleteAlarms removes alarms; names that there are none of are passed over.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

wire::Change<Nothing> delete_alarms(Metrics& room, const wire::Caller& caller, DeleteAlarms::Input input) {
  return [place = place_of(caller), names = std::move(input.alarm_names),
          now = room.clock.now()](storage::Transaction& transaction) -> Result<Nothing> {
    for (const std::string& name : names) {
      if (!find_alarm(transaction, place, name)) continue;
      erase_alarm(transaction, place, name);
      const std::string summary = fmt::format("Alarm \"{}\" deleted", name);
      add_history(transaction, place,
                  {name,
                   AlarmType::metric_alarm,
                   {now},
                   HistoryItemType::configuration_update,
                   summary.substr(0, 255),
                   R"({"version":"1.0","type":"Delete"})"});
    }
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
