// ListMetrics names the metrics that got a datapoint in the last two weeks, at most 500 at a time.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html

#include "base/text.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/query.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kPageMax = 500;
constexpr std::int64_t kListedS = 14 * 86'400;
// The time of the last datapoint is known to within some minutes.
constexpr std::int64_t kRecentS = 3 * 3600 + 300;

bool fits(const Metric& metric, const std::optional<std::vector<ListMetrics::DimensionFilter>>& filters) {
  if (!filters) return true;
  return std::ranges::all_of(*filters, [&metric](const ListMetrics::DimensionFilter& filter) {
    const auto found = metric.dimensions.find(filter.name);
    return found != metric.dimensions.end() && (!filter.value || *filter.value == found->second);
  });
}

}  // namespace

Result<ListMetrics::Output> list_metrics(Metrics& room, const wire::Caller& caller, ListMetrics::Input input) {
  std::string after;
  if (input.next_token) {
    const std::optional<std::string> key = base::from_base64(*input.next_token);
    if (!key || key->empty()) return failure(invalid_value("The next token specified is invalid."));
    after = *key;
  }
  const std::int64_t now_s = base::to_unix_s(room.clock.now());
  const std::int64_t since_s = now_s - (input.recently_active ? kRecentS : kListedS);
  ListMetrics::Output output;
  std::string last;
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  scan_metrics(*reader, place_of(caller), {input.name_space, input.metric_name}, after,
               [&](std::string_view key, const StoredMetric& stored) {
                 if (stored.last_s < since_s || !fits(stored.metric, input.dimensions)) return storage::Step::go_on;
                 if (output.metrics.size() == kPageMax) {
                   output.next_token = base::to_base64(last);
                   return storage::Step::stop;
                 }
                 last = key;
                 output.metrics.push_back(
                     {stored.metric.name_space, stored.metric.name, from_dimensions(stored.metric.dimensions)});
                 return storage::Step::go_on;
               });
  return output;
}

}  // namespace localcloud::metrics
