// PutMetricData counts values: they are added up per metric, unit and minute (or second).
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html

#include <cmath>

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/query.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kDataMax = 1000;
constexpr std::size_t kValuesMax = 150;
constexpr double kValueMax = 0x1p360;
constexpr auto kPastMax = std::chrono::hours(24 * 14);
constexpr auto kFutureMax = std::chrono::hours(2);

using Datum = PutMetricData::MetricDatum;

Result<Done> check_value(double value, std::string_view where) {
  if (!(std::fabs(value) <= kValueMax)) {
    return failure(invalid_value(fmt::format("The value {} for parameter {} is invalid.", value, where)));
  }
  return Done{};
}

// Value, StatisticValues, or Values with Counts: exactly one of the three.
Result<Aggregate> read_values(const Datum& datum, const std::string& where) {
  if (datum.value && datum.statistic_values)
    return failure(mutually_exclusive(where + ".Value", where + ".StatisticValues"));
  if (datum.value && datum.values) return failure(mutually_exclusive(where + ".Value", where + ".Values"));
  if (datum.statistic_values && datum.values) {
    return failure(mutually_exclusive(where + ".StatisticValues", where + ".Values"));
  }
  Aggregate aggregate;
  if (datum.value) {
    TRY(check_value(*datum.value, where + ".Value"));
    aggregate.add(*datum.value);
  } else if (datum.statistic_values) {
    const PutMetricData::StatisticSet& set = *datum.statistic_values;
    for (const double part : {set.sample_count, set.sum, set.minimum, set.maximum}) {
      TRY(check_value(part, where + ".StatisticValues"));
    }
    if (set.sample_count <= 0 || set.minimum > set.maximum) {
      return failure(invalid_value(fmt::format("The parameter {}.StatisticValues is not a set of statistics.", where)));
    }
    aggregate.add_set(set.sample_count, set.sum, set.minimum, set.maximum);
  } else if (datum.values && !datum.values->empty()) {
    const std::vector<double>& values = *datum.values;
    if (values.size() > kValuesMax) {
      return failure(invalid_value(
          fmt::format("The collection {}.Values must not have a size greater than {}.", where, kValuesMax)));
    }
    if (datum.counts && datum.counts->size() != values.size()) {
      return failure(
          invalid_value(fmt::format("The parameters {}.Values and {}.Counts must be of the same size.", where, where)));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double count = datum.counts ? (*datum.counts)[i] : 1;
      TRY(check_value(values[i], fmt::format("{}.Values.member.{}", where, i + 1)));
      TRY(check_value(count, fmt::format("{}.Counts.member.{}", where, i + 1)));
      if (count < 0) return failure(invalid_value(fmt::format("The parameter {}.Counts must not be negative.", where)));
      aggregate.add(values[i], count);
    }
  } else {
    return failure(at_least_one(where + ".Value", where + ".StatisticValues"));
  }
  return aggregate;
}

}  // namespace

wire::Change<Nothing> put_metric_data(Metrics& room, const wire::Caller& caller, PutMetricData::Input input) {
  if (input.name_space.starts_with("AWS/")) {
    return failure(invalid_value(fmt::format("The value {} for parameter Namespace is invalid.", input.name_space)));
  }
  if (!input.metric_data || input.metric_data->empty()) return failure(missing_parameter("MetricData"));
  if (input.metric_data->size() > kDataMax) {
    return failure(
        invalid_value(fmt::format("The collection MetricData must not have a size greater than {}.", kDataMax)));
  }
  const base::Time now = room.clock.now();
  Increments increments;
  for (std::size_t i = 0; i < input.metric_data->size(); ++i) {
    Datum& datum = (*input.metric_data)[i];
    const std::string where = fmt::format("MetricData.member.{}", i + 1);
    const Aggregate aggregate = TRY(read_values(datum, where));
    const base::Time time = datum.timestamp ? datum.timestamp->time : now;
    if (time < now - kPastMax) return failure(timestamp_too_old(i + 1));
    if (time > now + kFutureMax) return failure(timestamp_too_new(i + 1));
    const int resolution_s = datum.storage_resolution.value_or(60);
    if (resolution_s != 1 && resolution_s != 60) {
      return failure(invalid_value(fmt::format("The parameter {}.StorageResolution must be 1 or 60.", where)));
    }
    if (aggregate.empty()) continue;
    const Metric metric{input.name_space, std::move(datum.metric_name), TRY(to_dimensions(datum.dimensions))};
    increments.add(place_of(caller), metric, datum.unit.value_or(Unit::none), start_of_point_s(time, resolution_s),
                   aggregate);
  }

  return [increments = std::move(increments), now](storage::Transaction& transaction) -> Result<Nothing> {
    increments.apply(transaction, now);
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
