// SetAlarmState gives an alarm a state until it is evaluated again; its actions run as they would then.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html

#include "json/parse.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

storage::WriteFunction<alarms::StateChange> set_state(Place place, SetAlarmState::Input input, base::Time now) {
  return [place = std::move(place), input = std::move(input),
          now](storage::Transaction& transaction) -> Result<alarms::StateChange> {
    std::optional<StoredAlarm> stored = find_alarm(transaction, place, input.alarm_name);
    if (!stored) return failure(alarm_not_found());
    return alarms::change_state(transaction, place, *std::move(stored), input.state_value, input.state_reason,
                                input.state_reason_data, now);
  };
}

}  // namespace

Task<Result<Nothing>> set_alarm_state(Metrics& room, const wire::Caller& caller, SetAlarmState::Input input) {
  if (input.state_reason_data && !json::parse(*input.state_reason_data)) co_return failure(invalid_reason_data());
  const Place place = place_of(caller);
  const base::Time now = room.clock.now();
  storage::WriteFunction<alarms::StateChange> write = set_state(place, std::move(input), now);
  Result<alarms::StateChange> change = co_await room.store.write<alarms::StateChange>(std::move(write));
  if (!change) co_return failure(std::move(change.error()));
  co_await alarms::act(room.store, room.actions, place, *std::move(change), now);
  co_return Nothing{};
}

}  // namespace localcloud::metrics
