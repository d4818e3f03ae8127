// GetMetricStatistics gives the statistics of one metric, period by period and unit by unit.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/query.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::int64_t kDatapointsMax = 1440;

void set(GetMetricStatistics::Datapoint& datapoint, StatisticName name, const Aggregate& aggregate) {
  switch (name) {
    case StatisticName::sample_count:
      datapoint.sample_count = aggregate.count();
      break;
    case StatisticName::average:
      datapoint.average = aggregate.sum() / aggregate.count();
      break;
    case StatisticName::sum:
      datapoint.sum = aggregate.sum();
      break;
    case StatisticName::minimum:
      datapoint.minimum = aggregate.minimum();
      break;
    case StatisticName::maximum:
      datapoint.maximum = aggregate.maximum();
      break;
  }
}

Result<std::vector<Statistic>> parse_statistics(const std::vector<std::string>& names) {
  std::vector<Statistic> statistics;
  for (const std::string& name : names) {
    const std::optional<Statistic> statistic = Statistic::parse(name);
    if (!statistic || statistic->kind != Statistic::Kind::percentile) {
      return failure(invalid_statistic("ExtendedStatistics", name));
    }
    statistics.push_back(*statistic);
  }
  return statistics;
}

}  // namespace

Result<GetMetricStatistics::Output> get_metric_statistics(Metrics& room, const wire::Caller& caller,
                                                          GetMetricStatistics::Input input) {
  if (!input.statistics && !input.extended_statistics) return failure(at_least_one("Statistics", "ExtendedStatistics"));
  const std::vector<std::string> extended = input.extended_statistics.value_or(std::vector<std::string>{});
  const std::vector<Statistic> statistics = TRY(parse_statistics(extended));
  const std::int64_t period_s = input.period;
  if (!is_period(period_s)) return failure(invalid_period("Period"));
  if (input.start_time.time >= input.end_time.time)
    return failure(start_not_before_end("InvalidParameterValueException"));
  // Periods begin at the start, which is rounded down to a whole minute, or to a whole short period.
  const std::int64_t step_s = std::min<std::int64_t>(period_s, 60);
  std::int64_t start_s = std::max<std::int64_t>(base::to_unix_s(input.start_time.time), 0);
  start_s -= start_s % step_s;
  const std::int64_t end_s = std::max<std::int64_t>(base::to_unix_s(input.end_time.time), start_s);
  const std::int64_t count = (end_s - start_s) / period_s;
  if (count > kDatapointsMax) return failure(too_many_datapoints(count, kDatapointsMax));

  const Metric metric{input.name_space, input.metric_name, TRY(to_dimensions(input.dimensions))};
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  std::map<std::pair<std::int64_t, Unit>, Aggregate> periods;
  if (const auto stored = find_metric(*reader, place_of(caller), metric)) {
    scan_points(*reader, stored->id, start_s, end_s, [&](std::int64_t at_s, Unit unit, const Aggregate& aggregate) {
      if (input.unit && *input.unit != unit) return;
      periods[{at_s - (at_s - start_s) % period_s, unit}].merge(aggregate);
    });
  }

  GetMetricStatistics::Output output{input.metric_name, {}};
  for (const auto& [period, aggregate] : periods) {
    GetMetricStatistics::Datapoint datapoint;
    datapoint.timestamp = {base::from_unix_s(period.first)};
    datapoint.unit = period.second;
    for (const StatisticName name : input.statistics.value_or(std::vector<StatisticName>{})) {
      set(datapoint, name, aggregate);
    }
    for (std::size_t i = 0; i < statistics.size(); ++i) {
      if (!datapoint.extended_statistics) datapoint.extended_statistics.emplace();
      if (const auto value = statistics[i].of(aggregate)) (*datapoint.extended_statistics)[extended[i]] = *value;
    }
    output.datapoints.push_back(std::move(datapoint));
  }
  return output;
}

}  // namespace localcloud::metrics
