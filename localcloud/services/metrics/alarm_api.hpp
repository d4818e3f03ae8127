#pragma once
// The alarms' operations on the wire. No behaviour.

#include "localcloud/services/metrics/shapes.hpp"

namespace localcloud::metrics {

enum class ComparisonOperator {
  greater_than_or_equal_to_threshold,
  greater_than_threshold,
  less_than_threshold,
  less_than_or_equal_to_threshold,
  less_than_lower_or_greater_than_upper_threshold,
  less_than_lower_threshold,
  greater_than_upper_threshold
};
constexpr std::array<std::string_view, 7> wire_names(ComparisonOperator) {
  return {"GreaterThanOrEqualToThreshold",
          "GreaterThanThreshold",
          "LessThanThreshold",
          "LessThanOrEqualToThreshold",
          "LessThanLowerOrGreaterThanUpperThreshold",
          "LessThanLowerThreshold",
          "GreaterThanUpperThreshold"};
}

enum class StateValue { ok, alarm, insufficient_data };
constexpr std::array<std::string_view, 3> wire_names(StateValue) {
  return {"OK", "ALARM", "INSUFFICIENT_DATA"};
}

enum class AlarmType { composite_alarm, metric_alarm };
constexpr std::array<std::string_view, 2> wire_names(AlarmType) {
  return {"CompositeAlarm", "MetricAlarm"};
}

enum class HistoryItemType {
  configuration_update,
  state_update,
  action,
  alarm_contributor_state_update,
  alarm_contributor_action
};
constexpr std::array<std::string_view, 5> wire_names(HistoryItemType) {
  return {"ConfigurationUpdate", "StateUpdate", "Action", "AlarmContributorStateUpdate", "AlarmContributorAction"};
}

struct PutMetricAlarm {
  static constexpr std::string_view kName = "PutMetricAlarm";
  struct Input {
    std::string alarm_name;
    std::optional<std::string> alarm_description;
    std::optional<bool> actions_enabled;
    std::optional<std::vector<std::string>> ok_actions;
    std::optional<std::vector<std::string>> alarm_actions;
    std::optional<std::vector<std::string>> insufficient_data_actions;
    std::optional<std::string> metric_name;
    std::optional<std::string> name_space;
    std::optional<StatisticName> statistic;
    std::optional<std::string> extended_statistic;
    std::optional<std::vector<Dimension>> dimensions;
    std::optional<std::int32_t> period;
    std::optional<Unit> unit;
    std::optional<std::int32_t> evaluation_periods;
    std::optional<std::int32_t> datapoints_to_alarm;
    std::optional<double> threshold;
    std::optional<ComparisonOperator> comparison_operator;
    std::optional<std::string> treat_missing_data;
    std::optional<std::string> evaluate_low_sample_count_percentile;
    std::optional<std::vector<MetricDataQuery>> metrics;
    std::optional<std::vector<Tag>> tags;
    static constexpr auto members() {
      return wire::members(
          wire::required("AlarmName", &Input::alarm_name, wire::length(1, 255)),
          wire::optional("AlarmDescription", &Input::alarm_description, wire::length(0, 1024)),
          wire::optional("ActionsEnabled", &Input::actions_enabled),
          wire::optional("OKActions", &Input::ok_actions, at_most(5)),
          wire::optional("AlarmActions", &Input::alarm_actions, at_most(5)),
          wire::optional("InsufficientDataActions", &Input::insufficient_data_actions, at_most(5)),
          wire::optional("MetricName", &Input::metric_name, wire::length(1, 255)),
          wire::optional("Namespace", &Input::name_space, kNamespace), wire::optional("Statistic", &Input::statistic),
          wire::optional("ExtendedStatistic", &Input::extended_statistic),
          wire::optional("Dimensions", &Input::dimensions, at_most(30)),
          wire::optional("Period", &Input::period, wire::range(1, INT64_MAX)), wire::optional("Unit", &Input::unit),
          wire::optional("EvaluationPeriods", &Input::evaluation_periods, wire::range(1, INT64_MAX)),
          wire::optional("DatapointsToAlarm", &Input::datapoints_to_alarm, wire::range(1, INT64_MAX)),
          wire::optional("Threshold", &Input::threshold),
          wire::optional("ComparisonOperator", &Input::comparison_operator),
          wire::optional("TreatMissingData", &Input::treat_missing_data, wire::length(1, 255)),
          wire::optional("EvaluateLowSampleCountPercentile", &Input::evaluate_low_sample_count_percentile,
                         wire::length(1, 255)),
          wire::optional("Metrics", &Input::metrics), wire::optional("Tags", &Input::tags),
          wire::refused("ThresholdMetricId", "EvaluationCriteria", "EvaluationInterval", "ActionConfiguration",
                        "EvaluationWindow", "WarmUpConfiguration"));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, {input.alarm_name});
  }
};

// An alarm as it is described; also how it is stored.
struct MetricAlarm {
  std::string alarm_name;
  std::string alarm_arn;
  std::optional<std::string> alarm_description;
  wire::Timestamp alarm_configuration_updated_timestamp;
  bool actions_enabled = true;
  std::vector<std::string> ok_actions;
  std::vector<std::string> alarm_actions;
  std::vector<std::string> insufficient_data_actions;
  StateValue state_value = StateValue::insufficient_data;
  std::string state_reason;
  std::optional<std::string> state_reason_data;
  wire::Timestamp state_updated_timestamp;
  std::optional<std::string> metric_name;
  std::optional<std::string> name_space;
  std::optional<StatisticName> statistic;
  std::optional<std::string> extended_statistic;
  std::vector<Dimension> dimensions;
  std::optional<std::int32_t> period;
  std::optional<Unit> unit;
  std::int32_t evaluation_periods = 1;
  std::optional<std::int32_t> datapoints_to_alarm;
  double threshold = 0;
  ComparisonOperator comparison_operator = ComparisonOperator::greater_than_threshold;
  std::optional<std::string> treat_missing_data;
  std::optional<std::string> evaluate_low_sample_count_percentile;
  std::optional<std::vector<MetricDataQuery>> metrics;
  std::optional<wire::Timestamp> state_transitioned_timestamp;
  static constexpr auto members() {
    return wire::members(
        wire::optional("AlarmName", &MetricAlarm::alarm_name), wire::optional("AlarmArn", &MetricAlarm::alarm_arn),
        wire::optional("AlarmDescription", &MetricAlarm::alarm_description),
        wire::optional("AlarmConfigurationUpdatedTimestamp", &MetricAlarm::alarm_configuration_updated_timestamp),
        wire::optional("ActionsEnabled", &MetricAlarm::actions_enabled),
        wire::optional("OKActions", &MetricAlarm::ok_actions),
        wire::optional("AlarmActions", &MetricAlarm::alarm_actions),
        wire::optional("InsufficientDataActions", &MetricAlarm::insufficient_data_actions),
        wire::optional("StateValue", &MetricAlarm::state_value),
        wire::optional("StateReason", &MetricAlarm::state_reason),
        wire::optional("StateReasonData", &MetricAlarm::state_reason_data),
        wire::optional("StateUpdatedTimestamp", &MetricAlarm::state_updated_timestamp),
        wire::optional("MetricName", &MetricAlarm::metric_name), wire::optional("Namespace", &MetricAlarm::name_space),
        wire::optional("Statistic", &MetricAlarm::statistic),
        wire::optional("ExtendedStatistic", &MetricAlarm::extended_statistic),
        wire::optional("Dimensions", &MetricAlarm::dimensions), wire::optional("Period", &MetricAlarm::period),
        wire::optional("Unit", &MetricAlarm::unit),
        wire::optional("EvaluationPeriods", &MetricAlarm::evaluation_periods),
        wire::optional("DatapointsToAlarm", &MetricAlarm::datapoints_to_alarm),
        wire::optional("Threshold", &MetricAlarm::threshold),
        wire::optional("ComparisonOperator", &MetricAlarm::comparison_operator),
        wire::optional("TreatMissingData", &MetricAlarm::treat_missing_data),
        wire::optional("EvaluateLowSampleCountPercentile", &MetricAlarm::evaluate_low_sample_count_percentile),
        wire::optional("Metrics", &MetricAlarm::metrics),
        wire::optional("StateTransitionedTimestamp", &MetricAlarm::state_transitioned_timestamp));
  }
};

struct DescribeAlarms {
  static constexpr std::string_view kName = "DescribeAlarms";
  struct Input {
    std::optional<std::vector<std::string>> alarm_names;
    std::optional<std::string> alarm_name_prefix;
    std::optional<std::vector<AlarmType>> alarm_types;
    std::optional<StateValue> state_value;
    std::optional<std::string> action_prefix;
    std::optional<std::int32_t> max_records;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("AlarmNames", &Input::alarm_names, at_most(100)),
                           wire::optional("AlarmNamePrefix", &Input::alarm_name_prefix, wire::length(1, 255)),
                           wire::optional("AlarmTypes", &Input::alarm_types),
                           wire::refused("ChildrenOfAlarmName", "ParentsOfAlarmName"),
                           wire::optional("StateValue", &Input::state_value),
                           wire::optional("ActionPrefix", &Input::action_prefix, wire::length(1, 1024)),
                           wire::optional("MaxRecords", &Input::max_records, wire::range(1, 100)),
                           wire::optional("NextToken", &Input::next_token));
    }
  };
  struct Output {
    std::vector<Nothing> composite_alarms;  // there are none here
    std::vector<MetricAlarm> metric_alarms;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("CompositeAlarms", &Output::composite_alarms),
                           wire::optional("MetricAlarms", &Output::metric_alarms),
                           wire::optional("NextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, input.alarm_names.value_or(std::vector<std::string>{"*"}));
  }
};

struct SetAlarmState {
  static constexpr std::string_view kName = "SetAlarmState";
  struct Input {
    std::string alarm_name;
    StateValue state_value = StateValue::ok;
    std::string state_reason;
    std::optional<std::string> state_reason_data;
    static constexpr auto members() {
      return wire::members(wire::required("AlarmName", &Input::alarm_name, wire::length(1, 255)),
                           wire::required("StateValue", &Input::state_value),
                           wire::required("StateReason", &Input::state_reason, wire::length(0, 1023)),
                           wire::optional("StateReasonData", &Input::state_reason_data, wire::length(0, 4000)));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, {input.alarm_name});
  }
};

struct DeleteAlarms {
  static constexpr std::string_view kName = "DeleteAlarms";
  struct Input {
    std::vector<std::string> alarm_names;
    static constexpr auto members() {
      return wire::members(wire::required("AlarmNames", &Input::alarm_names, at_most(100)));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, input.alarm_names);
  }
};

struct EnableAlarmActions {
  static constexpr std::string_view kName = "EnableAlarmActions";
  using Input = DeleteAlarms::Input;
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, input.alarm_names);
  }
};

struct DisableAlarmActions {
  static constexpr std::string_view kName = "DisableAlarmActions";
  using Input = DeleteAlarms::Input;
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, input.alarm_names);
  }
};

struct DescribeAlarmHistory {
  static constexpr std::string_view kName = "DescribeAlarmHistory";
  struct Input {
    std::optional<std::string> alarm_name;
    std::optional<std::vector<AlarmType>> alarm_types;
    std::optional<HistoryItemType> history_item_type;
    std::optional<wire::Timestamp> start_date;
    std::optional<wire::Timestamp> end_date;
    std::optional<std::int32_t> max_records;
    std::optional<std::string> next_token;
    std::optional<ScanBy> scan_by;
    static constexpr auto members() {
      return wire::members(wire::optional("AlarmName", &Input::alarm_name, wire::length(1, 255)),
                           wire::refused("AlarmContributorId"), wire::optional("AlarmTypes", &Input::alarm_types),
                           wire::optional("HistoryItemType", &Input::history_item_type),
                           wire::optional("StartDate", &Input::start_date), wire::optional("EndDate", &Input::end_date),
                           wire::optional("MaxRecords", &Input::max_records, wire::range(1, 100)),
                           wire::optional("NextToken", &Input::next_token), wire::optional("ScanBy", &Input::scan_by));
    }
  };
  // Also how it is stored.
  struct AlarmHistoryItem {
    std::string alarm_name;
    AlarmType alarm_type = AlarmType::metric_alarm;
    wire::Timestamp timestamp;
    HistoryItemType history_item_type = HistoryItemType::state_update;
    std::string history_summary;
    std::string history_data;
    static constexpr auto members() {
      return wire::members(wire::optional("AlarmName", &AlarmHistoryItem::alarm_name),
                           wire::optional("AlarmType", &AlarmHistoryItem::alarm_type),
                           wire::optional("Timestamp", &AlarmHistoryItem::timestamp),
                           wire::optional("HistoryItemType", &AlarmHistoryItem::history_item_type),
                           wire::optional("HistorySummary", &AlarmHistoryItem::history_summary),
                           wire::optional("HistoryData", &AlarmHistoryItem::history_data));
    }
  };
  struct Output {
    std::vector<AlarmHistoryItem> alarm_history_items;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("AlarmHistoryItems", &Output::alarm_history_items),
                           wire::optional("NextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return may_on_alarms(kName, caller, {input.alarm_name.value_or("*")});
  }
};

}  // namespace localcloud::metrics
