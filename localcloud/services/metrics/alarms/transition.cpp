// State changes, their history, and the actions that they set off.

#include "localcloud/services/metrics/alarms/transition.hpp"

#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/metrics/alarms/event.hpp"

namespace localcloud::metrics::alarms {

namespace {

std::string name_of(StateValue state) {
  return std::string(wire::to_wire(state));
}

// A state as the history tells it; the reason's data as the document that it is.
json::Object history_state(const MetricAlarm& alarm) {
  json::Object state{{"stateValue", name_of(alarm.state_value)}, {"stateReason", alarm.state_reason}};
  if (alarm.state_reason_data) {
    auto data = json::parse(*alarm.state_reason_data);
    if (data) state.set("stateReasonData", *std::move(data));
  }
  return state;
}

const std::vector<std::string>& actions_of(const MetricAlarm& alarm) {
  if (alarm.state_value == StateValue::alarm) return alarm.alarm_actions;
  return alarm.state_value == StateValue::ok ? alarm.ok_actions : alarm.insufficient_data_actions;
}

HistoryItem item_of(const MetricAlarm& alarm, const std::string& arn, const Result<Done>& accepted, base::Time now) {
  json::Object data{{"actionState", accepted ? "Succeeded" : "Failed"},
                    {"stateUpdateTimestamp", base::to_unix_ms(alarm.state_updated_timestamp.time)},
                    {"notificationResource", arn}};
  std::string summary = "Successfully executed action " + arn;
  if (!accepted) {
    data.set("error", accepted.error().message);
    summary = "Failed to execute action " + arn + ". Received error: \"" + accepted.error().message + '"';
  }
  return {alarm.alarm_name, AlarmType::metric_alarm, {now}, HistoryItemType::action, summary, json::write(data)};
}

}  // namespace

StateChange change_state(storage::Transaction& transaction, const Place& place, StoredAlarm stored, StateValue state,
                         std::string reason, std::optional<std::string> reason_data, base::Time now) {
  StateChange change{stored.alarm, stored.alarm, {}};
  MetricAlarm& after = change.after;
  after.state_value = state;
  after.state_reason = std::move(reason);
  after.state_reason_data = std::move(reason_data);
  after.state_updated_timestamp = {now};
  if (change.before.state_value != state) {
    after.state_transitioned_timestamp = wire::Timestamp{now};
    const json::Object data{
        {"version", "1.0"}, {"oldState", history_state(change.before)}, {"newState", history_state(after)}};
    const std::string summary = "Alarm updated from " + name_of(change.before.state_value) + " to " + name_of(state);
    add_history(
        transaction, place,
        {after.alarm_name, AlarmType::metric_alarm, {now}, HistoryItemType::state_update, summary, json::write(data)});
    if (after.actions_enabled) change.actions = actions_of(after);
  }
  stored.alarm = after;
  write_alarm(transaction, place, stored);
  return change;
}

Task<void> act(storage::Store& store, Actions& actions, Place place, StateChange change, base::Time now) {
  std::vector<HistoryItem> items;
  for (const std::string& arn : change.actions) {
    Action action{place, change.after.alarm_arn, arn, event_of(place, change.before, change.after)};
    const Result<Done> accepted = co_await actions.run(std::move(action));
    items.push_back(item_of(change.after, arn, accepted, now));
  }
  if (items.empty()) co_return;
  storage::WriteFunction<Done> write = [place = std::move(place),
                                        items = std::move(items)](storage::Transaction& transaction) -> Result<Done> {
    for (const HistoryItem& item : items) add_history(transaction, place, item);
    return Done{};
  };
  (void)co_await store.write<Done>(std::move(write));
}

}  // namespace localcloud::metrics::alarms
