// An alarm's states and what it watches, as its functions are told.

#include "localcloud/services/metrics/alarms/event.hpp"

#include "aws/dates.hpp"
#include "json/write.hpp"

namespace localcloud::metrics::alarms {

namespace {

json::Object state_of(const MetricAlarm& alarm) {
  json::Object state{{"value", std::string(wire::to_wire(alarm.state_value))},
                     {"reason", alarm.state_reason},
                     {"timestamp", moment(alarm.state_updated_timestamp.time)}};
  if (alarm.state_reason_data) state.set("reasonData", *alarm.state_reason_data);
  return state;
}

json::Object stat_of(const MetricStat& stat) {
  json::Object dimensions;
  for (const Dimension& dimension : stat.metric.dimensions.value_or(std::vector<Dimension>())) {
    dimensions.set(dimension.name, dimension.value);
  }
  json::Object metric{{"namespace", stat.metric.name_space.value_or("")},
                      {"name", stat.metric.metric_name.value_or("")},
                      {"dimensions", std::move(dimensions)}};
  json::Object out{{"metric", std::move(metric)}, {"period", stat.period}, {"stat", stat.stat}};
  if (stat.unit) out.set("unit", name_of(*stat.unit));
  return out;
}

json::Object query_of(const MetricDataQuery& query) {
  json::Object out{{"id", query.id}};
  if (query.metric_stat) out.set("metricStat", stat_of(*query.metric_stat));
  if (query.expression) out.set("expression", *query.expression);
  if (query.label) out.set("label", *query.label);
  if (query.period) out.set("period", *query.period);
  out.set("returnData", query.return_data.value_or(true));
  return out;
}

}  // namespace

std::string moment(base::Time time) {
  std::string text = aws::format_rfc3339_ms(time);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

std::string event_of(const Place& place, const MetricAlarm& before, const MetricAlarm& after) {
  json::Array metrics;
  for (const MetricDataQuery& query : queries_of(after)) metrics.push_back(query_of(query));
  json::Object configuration;
  if (after.alarm_description) configuration.set("description", *after.alarm_description);
  configuration.set("metrics", std::move(metrics));
  json::Object data{{"alarmName", after.alarm_name},
                    {"state", state_of(after)},
                    {"previousState", state_of(before)},
                    {"configuration", std::move(configuration)}};
  return json::write(json::Object{{"source", "aws.cloudwatch"},
                                  {"alarmArn", after.alarm_arn},
                                  {"accountId", place.account},
                                  {"time", moment(after.state_updated_timestamp.time)},
                                  {"region", place.region},
                                  {"alarmData", std::move(data)}});
}

}  // namespace localcloud::metrics::alarms
