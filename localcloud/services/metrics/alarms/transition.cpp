// State changes, their history, and the event that actions get.

#include "localcloud/services/metrics/alarms/transition.hpp"

#include "aws/dates.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"

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

json::Object event_state(const MetricAlarm& alarm) {
  json::Object state{{"value", name_of(alarm.state_value)},
                     {"reason", alarm.state_reason},
                     {"timestamp", aws::format_rfc3339_ms(alarm.state_updated_timestamp.time)}};
  if (alarm.state_reason_data) state.set("reasonData", *alarm.state_reason_data);
  return state;
}

// What a Lambda function gets.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
std::string event_of(const Place& place, const StateChange& change) {
  json::Object configuration;
  if (change.after.alarm_description) configuration.set("description", *change.after.alarm_description);
  json::Object data{{"alarmName", change.after.alarm_name},
                    {"state", event_state(change.after)},
                    {"previousState", event_state(change.before)},
                    {"configuration", std::move(configuration)}};
  return json::write(json::Object{{"source", "aws.cloudwatch"},
                                  {"alarmArn", change.after.alarm_arn},
                                  {"accountId", place.account},
                                  {"time", aws::format_rfc3339_ms(change.after.state_updated_timestamp.time)},
                                  {"region", place.region},
                                  {"alarmData", std::move(data)}});
}

const std::vector<std::string>& actions_of(const MetricAlarm& alarm) {
  if (alarm.state_value == StateValue::alarm) return alarm.alarm_actions;
  return alarm.state_value == StateValue::ok ? alarm.ok_actions : alarm.insufficient_data_actions;
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

std::vector<HistoryItem> run_actions(Actions* actions, const Place& place, const StateChange& change, base::Time now) {
  std::vector<HistoryItem> items;
  for (const std::string& arn : change.actions) {
    // Unlike AWS: only actions that main.cpp knows (Lambda functions) run; others (SNS, EC2, Auto Scaling) are recorded
    // as failed.
    const bool started = actions && actions->run(place, arn, event_of(place, change)) == Actions::Outcome::started;
    const json::Object data{{"actionState", started ? "Succeeded" : "Failed"},
                            {"stateUpdateTimestamp", base::to_unix_ms(change.after.state_updated_timestamp.time)},
                            {"notificationResource", arn}};
    items.push_back({change.after.alarm_name,
                     AlarmType::metric_alarm,
                     {now},
                     HistoryItemType::action,
                     (started ? "Successfully executed action " : "Failed to execute action ") + arn,
                     json::write(data)});
  }
  return items;
}

}  // namespace localcloud::metrics::alarms
