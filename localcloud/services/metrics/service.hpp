#pragma once
// CloudWatch: metrics, alarms, dashboards. Start at service.cpp for the list of operations.

#include "base/clock.hpp"
#include "localcloud/services/metrics/alarms/transition.hpp"
#include "localcloud/services/metrics/api.hpp"
#include "localcloud/services/metrics/records.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::metrics {

// What every operation may use. It holds no state of its own: all state is in the store.
struct Metrics {
  storage::Store& store;
  const base::Clock& clock;
  alarms::Actions& actions;  // what SetAlarmState sets off
};

wire::Service front_desk(Metrics& room);

inline Place place_of(const wire::Caller& caller) {
  return {caller.account, caller.region};
}
std::string alarm_arn(const Place& place, std::string_view name);
std::string dashboard_arn(std::string_view account, std::string_view name);
// The name of the alarm that an ARN of this place is of. Answers ResourceNotFoundException.
Result<std::string> alarm_name_of_arn(const Place& place, std::string_view arn);
// Tags with unique keys, at most 50.
Result<std::vector<Tag>> merge_tags(std::vector<Tag> tags, const std::vector<Tag>& added);

// One function per operation, each in operations/<name>.cpp.
wire::Change<Nothing> put_metric_data(Metrics& room, const wire::Caller& caller, PutMetricData::Input input);
Result<GetMetricData::Output> get_metric_data(Metrics& room, const wire::Caller& caller, GetMetricData::Input input);
Result<GetMetricStatistics::Output> get_metric_statistics(Metrics& room, const wire::Caller& caller,
                                                          GetMetricStatistics::Input input);
Result<ListMetrics::Output> list_metrics(Metrics& room, const wire::Caller& caller, ListMetrics::Input input);
wire::Change<Nothing> put_metric_alarm(Metrics& room, const wire::Caller& caller, PutMetricAlarm::Input input);
Result<DescribeAlarms::Output> describe_alarms(Metrics& room, const wire::Caller& caller, DescribeAlarms::Input input);
Task<Result<Nothing>> set_alarm_state(Metrics& room, const wire::Caller& caller, SetAlarmState::Input input);
wire::Change<Nothing> delete_alarms(Metrics& room, const wire::Caller& caller, DeleteAlarms::Input input);
wire::Change<Nothing> enable_alarm_actions(Metrics& room, const wire::Caller& caller, EnableAlarmActions::Input input);
wire::Change<Nothing> disable_alarm_actions(Metrics& room, const wire::Caller& caller,
                                            DisableAlarmActions::Input input);
Result<DescribeAlarmHistory::Output> describe_alarm_history(Metrics& room, const wire::Caller& caller,
                                                            DescribeAlarmHistory::Input input);
wire::Change<PutDashboard::Output> put_dashboard(Metrics& room, const wire::Caller& caller, PutDashboard::Input input);
Result<GetDashboard::Output> get_dashboard(Metrics& room, const wire::Caller& caller, GetDashboard::Input input);
Result<ListDashboards::Output> list_dashboards(Metrics& room, const wire::Caller& caller, ListDashboards::Input input);
wire::Change<Nothing> delete_dashboards(Metrics& room, const wire::Caller& caller, DeleteDashboards::Input input);
wire::Change<Nothing> tag_resource(Metrics& room, const wire::Caller& caller, TagResource::Input input);
wire::Change<Nothing> untag_resource(Metrics& room, const wire::Caller& caller, UntagResource::Input input);
Result<ListTagsForResource::Output> list_tags_for_resource(Metrics& room, const wire::Caller& caller,
                                                           ListTagsForResource::Input input);

}  // namespace localcloud::metrics
