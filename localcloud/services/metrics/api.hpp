#pragma once
// CloudWatch on the wire: each operation's request, response and what it must be allowed; the alarms' are in
// alarm_api.hpp. No behaviour.

#include "localcloud/services/metrics/alarm_api.hpp"
#include "localcloud/services/metrics/shapes.hpp"

namespace localcloud::metrics {

struct PutMetricData {
  static constexpr std::string_view kName = "PutMetricData";
  struct StatisticSet {
    double sample_count = 0;
    double sum = 0;
    double minimum = 0;
    double maximum = 0;
    static constexpr auto members() {
      return wire::members(wire::required("SampleCount", &StatisticSet::sample_count),
                           wire::required("Sum", &StatisticSet::sum), wire::required("Minimum", &StatisticSet::minimum),
                           wire::required("Maximum", &StatisticSet::maximum));
    }
  };
  struct MetricDatum {
    std::string metric_name;
    std::optional<std::vector<Dimension>> dimensions;
    std::optional<wire::Timestamp> timestamp;
    std::optional<double> value;
    std::optional<StatisticSet> statistic_values;
    std::optional<std::vector<double>> values;
    std::optional<std::vector<double>> counts;
    std::optional<Unit> unit;
    std::optional<std::int32_t> storage_resolution;
    static constexpr auto members() {
      return wire::members(
          wire::required("MetricName", &MetricDatum::metric_name, wire::length(1, 255)),
          wire::optional("Dimensions", &MetricDatum::dimensions, at_most(30)),
          wire::optional("Timestamp", &MetricDatum::timestamp), wire::optional("Value", &MetricDatum::value),
          wire::optional("StatisticValues", &MetricDatum::statistic_values),
          wire::optional("Values", &MetricDatum::values), wire::optional("Counts", &MetricDatum::counts),
          wire::optional("Unit", &MetricDatum::unit),
          wire::optional("StorageResolution", &MetricDatum::storage_resolution, wire::range(1, INT64_MAX)));
    }
  };
  struct Input {
    std::string name_space;
    std::optional<std::vector<MetricDatum>> metric_data;
    static constexpr auto members() {
      return wire::members(wire::required("Namespace", &Input::name_space, kNamespace),
                           wire::optional("MetricData", &Input::metric_data),
                           wire::refused("EntityMetricData", "StrictEntityValidation"));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"cloudwatch:PutMetricData", "*", {{"cloudwatch:namespace", {input.name_space}}}}};
  }
};

struct GetMetricData {
  static constexpr std::string_view kName = "GetMetricData";
  struct Input {
    std::vector<MetricDataQuery> metric_data_queries;
    wire::Timestamp start_time;
    wire::Timestamp end_time;
    std::optional<std::string> next_token;
    std::optional<ScanBy> scan_by;
    std::optional<std::int32_t> max_datapoints;
    static constexpr auto members() {
      return wire::members(wire::required("MetricDataQueries", &Input::metric_data_queries),
                           wire::required("StartTime", &Input::start_time), wire::required("EndTime", &Input::end_time),
                           wire::optional("NextToken", &Input::next_token), wire::optional("ScanBy", &Input::scan_by),
                           wire::optional("MaxDatapoints", &Input::max_datapoints), wire::refused("LabelOptions"));
    }
  };
  enum class StatusCode { complete, internal_error, partial_data, forbidden };
  friend constexpr std::array<std::string_view, 4> wire_names(StatusCode) {
    return {"Complete", "InternalError", "PartialData", "Forbidden"};
  }
  struct MetricDataResult {
    std::string id;
    std::string label;
    std::vector<wire::Timestamp> timestamps;
    std::vector<double> values;
    StatusCode status_code = StatusCode::complete;
    static constexpr auto members() {
      return wire::members(wire::optional("Id", &MetricDataResult::id),
                           wire::optional("Label", &MetricDataResult::label),
                           wire::optional("Timestamps", &MetricDataResult::timestamps),
                           wire::optional("Values", &MetricDataResult::values),
                           wire::optional("StatusCode", &MetricDataResult::status_code));
    }
  };
  struct Output {
    std::vector<MetricDataResult> metric_data_results;
    std::optional<std::string> next_token;
    std::vector<MessageData> messages;
    static constexpr auto members() {
      return wire::members(wire::optional("MetricDataResults", &Output::metric_data_results),
                           wire::optional("NextToken", &Output::next_token),
                           wire::optional("Messages", &Output::messages));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) { return may(kName); }
};

struct GetMetricStatistics {
  static constexpr std::string_view kName = "GetMetricStatistics";
  struct Input {
    std::string name_space;
    std::string metric_name;
    std::optional<std::vector<Dimension>> dimensions;
    wire::Timestamp start_time;
    wire::Timestamp end_time;
    std::int32_t period = 0;
    std::optional<std::vector<StatisticName>> statistics;
    std::optional<std::vector<std::string>> extended_statistics;
    std::optional<Unit> unit;
    static constexpr auto members() {
      return wire::members(wire::required("Namespace", &Input::name_space, kNamespace),
                           wire::required("MetricName", &Input::metric_name, wire::length(1, 255)),
                           wire::optional("Dimensions", &Input::dimensions, at_most(30)),
                           wire::required("StartTime", &Input::start_time), wire::required("EndTime", &Input::end_time),
                           wire::required("Period", &Input::period, wire::range(1, INT64_MAX)),
                           wire::optional("Statistics", &Input::statistics, wire::length(1, 5)),
                           wire::optional("ExtendedStatistics", &Input::extended_statistics, wire::length(1, 10)),
                           wire::optional("Unit", &Input::unit));
    }
  };
  struct Datapoint {
    wire::Timestamp timestamp;
    std::optional<double> sample_count;
    std::optional<double> average;
    std::optional<double> sum;
    std::optional<double> minimum;
    std::optional<double> maximum;
    Unit unit = Unit::none;
    std::optional<std::map<std::string, double>> extended_statistics;
    static constexpr auto members() {
      return wire::members(wire::optional("Timestamp", &Datapoint::timestamp),
                           wire::optional("SampleCount", &Datapoint::sample_count),
                           wire::optional("Average", &Datapoint::average), wire::optional("Sum", &Datapoint::sum),
                           wire::optional("Minimum", &Datapoint::minimum),
                           wire::optional("Maximum", &Datapoint::maximum), wire::optional("Unit", &Datapoint::unit),
                           wire::optional("ExtendedStatistics", &Datapoint::extended_statistics));
    }
  };
  struct Output {
    std::string label;
    std::vector<Datapoint> datapoints;
    static constexpr auto members() {
      return wire::members(wire::optional("Label", &Output::label), wire::optional("Datapoints", &Output::datapoints));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) { return may(kName); }
};

struct ListMetrics {
  static constexpr std::string_view kName = "ListMetrics";
  struct DimensionFilter {
    std::string name;
    std::optional<std::string> value;
    static constexpr auto members() {
      return wire::members(wire::required("Name", &DimensionFilter::name, wire::length(1, 255)),
                           wire::optional("Value", &DimensionFilter::value, wire::length(1, 1024)));
    }
  };
  enum class RecentlyActive { pt3h };
  friend constexpr std::array<std::string_view, 1> wire_names(RecentlyActive) { return {"PT3H"}; }
  struct Input {
    std::optional<std::string> name_space;
    std::optional<std::string> metric_name;
    std::optional<std::vector<DimensionFilter>> dimensions;
    std::optional<std::string> next_token;
    std::optional<RecentlyActive> recently_active;
    static constexpr auto members() {
      return wire::members(wire::optional("Namespace", &Input::name_space, kNamespace),
                           wire::optional("MetricName", &Input::metric_name, wire::length(1, 255)),
                           wire::optional("Dimensions", &Input::dimensions, at_most(10)),
                           wire::optional("NextToken", &Input::next_token),
                           wire::optional("RecentlyActive", &Input::recently_active),
                           wire::refused("IncludeLinkedAccounts", "OwningAccount"));
    }
  };
  struct Output {
    std::vector<NamedMetric> metrics;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("Metrics", &Output::metrics),
                           wire::optional("NextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) { return may(kName); }
};

struct PutDashboard {
  static constexpr std::string_view kName = "PutDashboard";
  struct Input {
    std::string dashboard_name;
    std::string dashboard_body;
    static constexpr auto members() {
      return wire::members(wire::required("DashboardName", &Input::dashboard_name),
                           wire::required("DashboardBody", &Input::dashboard_body), wire::refused("Tags"));
    }
  };
  struct DashboardValidationMessage {
    std::string data_path;
    std::string message;
    static constexpr auto members() {
      return wire::members(wire::optional("DataPath", &DashboardValidationMessage::data_path),
                           wire::optional("Message", &DashboardValidationMessage::message));
    }
  };
  struct Output {
    std::vector<DashboardValidationMessage> dashboard_validation_messages;
    static constexpr auto members() {
      return wire::members(wire::optional("DashboardValidationMessages", &Output::dashboard_validation_messages));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_dashboards(kName, caller, {input.dashboard_name});
  }
};

struct GetDashboard {
  static constexpr std::string_view kName = "GetDashboard";
  struct Input {
    std::string dashboard_name;
    static constexpr auto members() { return wire::members(wire::required("DashboardName", &Input::dashboard_name)); }
  };
  struct Output {
    std::string dashboard_arn;
    std::string dashboard_body;
    std::string dashboard_name;
    static constexpr auto members() {
      return wire::members(wire::optional("DashboardArn", &Output::dashboard_arn),
                           wire::optional("DashboardBody", &Output::dashboard_body),
                           wire::optional("DashboardName", &Output::dashboard_name));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_dashboards(kName, caller, {input.dashboard_name});
  }
};

struct ListDashboards {
  static constexpr std::string_view kName = "ListDashboards";
  struct Input {
    std::optional<std::string> dashboard_name_prefix;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("DashboardNamePrefix", &Input::dashboard_name_prefix),
                           wire::optional("NextToken", &Input::next_token));
    }
  };
  struct DashboardEntry {
    std::string dashboard_name;
    std::string dashboard_arn;
    wire::Timestamp last_modified;
    std::int64_t size = 0;
    static constexpr auto members() {
      return wire::members(wire::optional("DashboardName", &DashboardEntry::dashboard_name),
                           wire::optional("DashboardArn", &DashboardEntry::dashboard_arn),
                           wire::optional("LastModified", &DashboardEntry::last_modified),
                           wire::optional("Size", &DashboardEntry::size));
    }
  };
  struct Output {
    std::vector<DashboardEntry> dashboard_entries;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("DashboardEntries", &Output::dashboard_entries),
                           wire::optional("NextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input&) {
    return may_on_dashboards(kName, caller, {"*"});
  }
};

struct DeleteDashboards {
  static constexpr std::string_view kName = "DeleteDashboards";
  struct Input {
    std::vector<std::string> dashboard_names;
    static constexpr auto members() { return wire::members(wire::required("DashboardNames", &Input::dashboard_names)); }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_dashboards(kName, caller, input.dashboard_names);
  }
};

struct TagResource {
  static constexpr std::string_view kName = "TagResource";
  struct Input {
    std::string resource_arn;
    std::vector<Tag> tags;
    static constexpr auto members() {
      return wire::members(wire::required("ResourceARN", &Input::resource_arn, wire::length(1, 1024)),
                           wire::required("Tags", &Input::tags));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"cloudwatch:TagResource", input.resource_arn}};
  }
};

struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";
  struct Input {
    std::string resource_arn;
    std::vector<std::string> tag_keys;
    static constexpr auto members() {
      return wire::members(wire::required("ResourceARN", &Input::resource_arn, wire::length(1, 1024)),
                           wire::required("TagKeys", &Input::tag_keys));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"cloudwatch:UntagResource", input.resource_arn}};
  }
};

struct ListTagsForResource {
  static constexpr std::string_view kName = "ListTagsForResource";
  struct Input {
    std::string resource_arn;
    static constexpr auto members() {
      return wire::members(wire::required("ResourceARN", &Input::resource_arn, wire::length(1, 1024)));
    }
  };
  struct Output {
    std::vector<Tag> tags;
    static constexpr auto members() { return wire::members(wire::optional("Tags", &Output::tags)); }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input& input) {
    return {{"cloudwatch:ListTagsForResource", input.resource_arn}};
  }
};

}  // namespace localcloud::metrics
