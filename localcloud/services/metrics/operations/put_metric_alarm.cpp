// PutMetricAlarm creates an alarm, or replaces all of one but its state.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

#include <cmath>

#include "aws/arn.hpp"
#include "localcloud/services/metrics/alarms/evaluation.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/query.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

Result<Done> check_plain_metric(const PutMetricAlarm::Input& input) {
  if (!input.metric_name) return failure(validation("Exactly one of MetricName and Metrics must be specified."));
  if (!input.name_space) return failure(missing_parameter("Namespace"));
  if (!input.period) return failure(missing_parameter("Period"));
  if (input.statistic.has_value() == input.extended_statistic.has_value()) {
    return failure(validation("Exactly one of Statistic and ExtendedStatistic must be specified."));
  }
  if (input.extended_statistic) {
    const std::optional<Statistic> statistic = Statistic::parse(*input.extended_statistic);
    if (!statistic || statistic->kind != Statistic::Kind::percentile) {
      return failure(invalid_statistic("ExtendedStatistic", *input.extended_statistic));
    }
  }
  TRY(to_dimensions(input.dimensions));
  const std::int32_t period_s = *input.period;
  if (period_s != 10 && period_s != 20 && period_s != 30 && period_s % 60 != 0) {
    return failure(validation("Period must be 10, 20, 30 or a multiple of 60"));
  }
  return Done{};
}

Result<Done> check_metrics(const PutMetricAlarm::Input& input) {
  if (input.metric_name || input.name_space || input.period || input.statistic || input.extended_statistic ||
      input.dimensions || input.unit) {
    return failure(
        validation("Metrics cannot be specified together with MetricName, Namespace, Dimensions, Period, Unit, "
                   "Statistic or ExtendedStatistic."));
  }
  TRY(check_queries(*input.metrics, "Metrics"));
  const auto returning = std::ranges::count_if(
      *input.metrics, [](const MetricDataQuery& query) { return query.return_data.value_or(true); });
  if (returning != 1) return failure(validation("Exactly one element of the metrics list should return data."));
  return Done{};
}

std::int64_t longest_period_s(const PutMetricAlarm::Input& input) {
  if (input.period) return *input.period;
  std::int64_t period_s = 60;
  for (const MetricDataQuery& query : *input.metrics) {
    if (query.metric_stat) period_s = std::max<std::int64_t>(period_s, query.metric_stat->period);
  }
  return period_s;
}

ServiceError must_not_be_null(std::string_view member) {
  return validation(fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null", member));
}

Result<Done> check_evaluation(const PutMetricAlarm::Input& input) {
  if (!input.comparison_operator) return failure(must_not_be_null("comparisonOperator"));
  if (!input.evaluation_periods) return failure(must_not_be_null("evaluationPeriods"));
  if (*input.comparison_operator > ComparisonOperator::less_than_or_equal_to_threshold) {
    // Unlike AWS: there is no anomaly detection, so no operators on its bands.
    return failure(validation(
        fmt::format("The comparison operator {} is not supported.", wire::to_wire(*input.comparison_operator))));
  }
  if (!input.threshold || !std::isfinite(*input.threshold)) return failure(validation("Threshold must be a number."));
  if (input.datapoints_to_alarm && *input.datapoints_to_alarm > *input.evaluation_periods) {
    return failure(validation("DatapointsToAlarm must be less than or equal to EvaluationPeriods"));
  }
  if (input.treat_missing_data && !alarms::parse_missing(*input.treat_missing_data)) {
    return failure(
        validation(fmt::format("The value {} for TreatMissingData is not valid.", *input.treat_missing_data)));
  }
  const std::int64_t period_s = longest_period_s(input);
  const std::int64_t days = period_s >= 3600 ? 7 : 1;
  if (*input.evaluation_periods > days * 86'400 / period_s) {
    return failure(validation(
        days == 1
            ? "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."
            : "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)."));
  }
  return Done{};
}

Result<Done> check_actions(const PutMetricAlarm::Input& input) {
  for (const auto* const actions : {&input.ok_actions, &input.alarm_actions, &input.insufficient_data_actions}) {
    if (!*actions) continue;
    for (const std::string& arn : **actions) {
      if (!aws::parse_arn(arn)) return failure(validation("Invalid arn syntax: " + arn));
    }
  }
  return Done{};
}

MetricAlarm configure(PutMetricAlarm::Input&& input, const Place& place, base::Time now) {
  MetricAlarm alarm;
  alarm.alarm_arn = alarm_arn(place, input.alarm_name);
  alarm.alarm_name = std::move(input.alarm_name);
  alarm.alarm_description = std::move(input.alarm_description);
  alarm.alarm_configuration_updated_timestamp = {now};
  alarm.actions_enabled = input.actions_enabled.value_or(true);
  alarm.ok_actions = std::move(input.ok_actions).value_or(std::vector<std::string>{});
  alarm.alarm_actions = std::move(input.alarm_actions).value_or(std::vector<std::string>{});
  alarm.insufficient_data_actions = std::move(input.insufficient_data_actions).value_or(std::vector<std::string>{});
  alarm.state_reason = "Unchecked: Initial alarm creation";
  alarm.state_updated_timestamp = {now};
  alarm.metric_name = std::move(input.metric_name);
  alarm.name_space = std::move(input.name_space);
  alarm.statistic = input.statistic;
  alarm.extended_statistic = std::move(input.extended_statistic);
  alarm.dimensions = std::move(input.dimensions).value_or(std::vector<Dimension>{});
  alarm.period = input.period;
  alarm.unit = input.unit;
  alarm.evaluation_periods = *input.evaluation_periods;
  alarm.datapoints_to_alarm = input.datapoints_to_alarm;
  alarm.threshold = *input.threshold;
  alarm.comparison_operator = *input.comparison_operator;
  alarm.treat_missing_data = std::move(input.treat_missing_data);
  alarm.evaluate_low_sample_count_percentile = std::move(input.evaluate_low_sample_count_percentile);
  if (input.metrics && !input.metrics->empty()) alarm.metrics = std::move(input.metrics);
  return alarm;
}

}  // namespace

wire::Change<Nothing> put_metric_alarm(Metrics& room, const wire::Caller& caller, PutMetricAlarm::Input input) {
  if (input.metrics && !input.metrics->empty()) {
    TRY(check_metrics(input));
  } else {
    TRY(check_plain_metric(input));
  }
  TRY(check_evaluation(input));
  TRY(check_actions(input));
  const std::vector<Tag> tags = TRY(merge_tags({}, input.tags.value_or(std::vector<Tag>{})));
  const Place place = place_of(caller);
  const base::Time now = room.clock.now();
  const MetricAlarm alarm = configure(std::move(input), place, now);

  return [place, now, tags, alarm](storage::Transaction& transaction) -> Result<Nothing> {
    const std::optional<StoredAlarm> old = find_alarm(transaction, place, alarm.alarm_name);
    // Tags are given at the creation only; afterwards by TagResource.
    StoredAlarm stored{alarm, old ? old->tags : tags};
    if (old) {
      stored.alarm.state_value = old->alarm.state_value;
      stored.alarm.state_reason = old->alarm.state_reason;
      stored.alarm.state_reason_data = old->alarm.state_reason_data;
      stored.alarm.state_updated_timestamp = old->alarm.state_updated_timestamp;
      stored.alarm.state_transitioned_timestamp = old->alarm.state_transitioned_timestamp;
    }
    write_alarm(transaction, place, stored);
    const std::string summary = fmt::format("Alarm \"{}\" {}", alarm.alarm_name, old ? "updated" : "created");
    const std::string data = fmt::format(R"({{"version":"1.0","type":"{}"}})", old ? "Update" : "Create");
    add_history(transaction, place,
                {alarm.alarm_name,
                 AlarmType::metric_alarm,
                 {now},
                 HistoryItemType::configuration_update,
                 summary.substr(0, 255),
                 data});
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
