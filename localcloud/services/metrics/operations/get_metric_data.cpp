// GetMetricData gives time series of metrics and of expressions over them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html

#include "base/text.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/query.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::int32_t kDatapointsMax = 100'800;

std::string label_of(const MetricDataQuery& query) {
  if (query.label && !query.label->empty()) return *query.label;
  return query.metric_stat ? query.metric_stat->metric.metric_name.value_or("") : query.id;
}

// The datapoints of all results count through, in their order; a token says how many have been given already.
Result<std::size_t> parse_token(const std::optional<std::string>& token) {
  if (!token) return std::size_t{0};
  const std::optional<std::string> text = base::from_base64(*token);
  const std::optional<std::size_t> number = text ? base::to_number<std::size_t>(*text) : std::nullopt;
  if (!number) return failure(invalid_next_token());
  return *number;
}

}  // namespace

Result<GetMetricData::Output> get_metric_data(Metrics& room, const wire::Caller& caller, GetMetricData::Input input) {
  TRY(check_queries(input.metric_data_queries, "MetricDataQueries"));
  if (input.start_time.time >= input.end_time.time) return failure(start_not_before_end("ValidationError"));
  const std::int32_t most = input.max_datapoints.value_or(kDatapointsMax);
  if (most < 1 || most > kDatapointsMax) {
    return failure(validation(fmt::format("The parameter MaxDatapoints must be between 1 and {}.", kDatapointsMax)));
  }
  const std::size_t given = TRY(parse_token(input.next_token));
  const Range range{base::to_unix_s(input.start_time.time),
                    base::to_unix_s(input.end_time.time + std::chrono::microseconds(999'999))};
  const std::vector<Answer> answers =
      TRY(answer_queries(*room.store.snapshot(), place_of(caller), input.metric_data_queries, range));

  GetMetricData::Output output;
  const bool ascending = input.scan_by == ScanBy::timestamp_ascending;
  const std::size_t end = given + static_cast<std::size_t>(most);
  std::size_t number = 0;
  for (const Answer& answer : answers) {
    const MetricDataQuery& query = input.metric_data_queries[answer.query];
    GetMetricData::MetricDataResult result{query.id, label_of(query), {}, {}};
    const std::size_t before = number;
    const std::size_t size = answer.series.values.size();
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t index = ascending ? i : size - 1 - i;
      if (!answer.series.values[index]) continue;
      if (number >= given && number < end) {
        result.timestamps.push_back({base::from_unix_s(answer.series.time_s(index))});
        result.values.push_back(*answer.series.values[index]);
      }
      ++number;
    }
    if (number > end) result.status_code = GetMetricData::StatusCode::partial_data;
    // A later page leaves out what an earlier one has finished.
    if (given == 0 || number > given || before >= given) output.metric_data_results.push_back(std::move(result));
  }
  if (number > end) output.next_token = base::to_base64(std::to_string(end));
  return output;
}

}  // namespace localcloud::metrics
