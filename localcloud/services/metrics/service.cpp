// The operations of CloudWatch, and the ARNs of its resources.

#include "localcloud/services/metrics/service.hpp"

#include "aws/arn.hpp"
#include "localcloud/services/metrics/errors.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kTagsMax = 50;

constexpr wire::Operation kOperations[] = {
    wire::operation<PutMetricData, &put_metric_data>(),
    wire::operation<GetMetricData, &get_metric_data>(),
    wire::operation<GetMetricStatistics, &get_metric_statistics>(),
    wire::operation<ListMetrics, &list_metrics>(),
    wire::operation<PutMetricAlarm, &put_metric_alarm>(),
    wire::operation<DescribeAlarms, &describe_alarms>(),
    wire::operation<SetAlarmState, &set_alarm_state>(),
    wire::operation<DeleteAlarms, &delete_alarms>(),
    wire::operation<EnableAlarmActions, &enable_alarm_actions>(),
    wire::operation<DisableAlarmActions, &disable_alarm_actions>(),
    wire::operation<DescribeAlarmHistory, &describe_alarm_history>(),
    wire::operation<PutDashboard, &put_dashboard>(),
    wire::operation<GetDashboard, &get_dashboard>(),
    wire::operation<ListDashboards, &list_dashboards>(),
    wire::operation<DeleteDashboards, &delete_dashboards>(),
    wire::operation<TagResource, &tag_resource>(),
    wire::operation<UntagResource, &untag_resource>(),
    wire::operation<ListTagsForResource, &list_tags_for_resource>(),
};

constexpr wire::ErrorShape kErrorShapes[] = {
    {"InvalidParameterValueException", "InvalidParameterValue"},
    {"InvalidParameterCombinationException", "InvalidParameterCombination"},
    {"MissingRequiredParameterException", "MissingParameter"},
    {"InvalidFormatFault", "InvalidFormat"},
    {"DashboardInvalidInputError", "InvalidParameterInput"},
    {"DashboardNotFoundError", "ResourceNotFound"},
    {"ThrottlingException", "Throttling"},
};

}  // namespace

wire::Service front_desk(Metrics& room) {
  return {.name = "cloudwatch",
          .signing_name = "monitoring",
          .target_prefix = "GraniteServiceVersion20100801",
          .json_version = "1.0",
          .api_version = "2010-08-01",
          .xml_namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/",
          .validation_code = "ValidationError",
          .denied_code = "AccessDenied",
          .denied_status = 403,
          .operations = kOperations,
          .error_shapes = kErrorShapes,
          .room = &room};
}

bool is_namespace(std::string_view text) {
  return !text.starts_with(':');
}

std::string alarm_arn(const Place& place, std::string_view name) {
  return aws::make_arn("cloudwatch", place.region, place.account, "alarm:" + std::string(name));
}
std::string dashboard_arn(std::string_view account, std::string_view name) {
  return aws::make_arn("cloudwatch", "", account, "dashboard/" + std::string(name));
}

Result<std::string> alarm_name_of_arn(const Place& place, std::string_view text) {
  const std::optional<aws::Arn> arn = aws::parse_arn(text);
  if (!arn || arn->service != "cloudwatch" || arn->region != place.region || arn->account != place.account ||
      !arn->resource.starts_with("alarm:")) {
    return failure(resource_not_found(text));
  }
  return arn->resource.substr(6);
}

std::vector<wire::Access> may(std::string_view action) {
  return {{"cloudwatch:" + std::string(action), "*"}};
}
std::vector<wire::Access> may_on_alarms(std::string_view action, const wire::Caller& caller,
                                        const std::vector<std::string>& names) {
  std::vector<wire::Access> accesses;
  for (const std::string& name : names) {
    accesses.push_back({"cloudwatch:" + std::string(action), alarm_arn(place_of(caller), name)});
  }
  return accesses;
}
std::vector<wire::Access> may_on_dashboards(std::string_view action, const wire::Caller& caller,
                                            const std::vector<std::string>& names) {
  std::vector<wire::Access> accesses;
  for (const std::string& name : names) {
    accesses.push_back({"cloudwatch:" + std::string(action), dashboard_arn(caller.account, name)});
  }
  return accesses;
}

Result<std::vector<Tag>> merge_tags(std::vector<Tag> tags, const std::vector<Tag>& added) {
  for (const Tag& tag : added) {
    if (tag.key.starts_with("aws:")) return failure(invalid_value("Tag keys that start with aws: are reserved."));
    const auto found = std::ranges::find(tags, tag.key, &Tag::key);
    if (found == tags.end()) {
      tags.push_back(tag);
    } else {
      found->value = tag.value;
    }
  }
  if (tags.size() > kTagsMax) return failure(too_many_tags());
  return tags;
}

}  // namespace localcloud::metrics
