#pragma once
// Where metrics and their datapoints live in the store, and what is gathered on the way there.
// The only file of this room that knows key bytes, with alarm_records.hpp.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/metrics/aggregate.hpp"
#include "localcloud/services/metrics/units.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::metrics {

// Metrics and alarms are per account and region.
struct Place {
  std::string account;
  std::string region;
  auto operator<=>(const Place&) const = default;
};

using Dimensions = std::map<std::string, std::string>;

struct Metric {
  std::string name_space;
  std::string name;
  Dimensions dimensions;
  auto operator<=>(const Metric&) const = default;
};

// Datapoints are kept this long.
inline constexpr std::int64_t kRetentionS = 15 * 86'400;

// Values on their way to the store, added up per metric, unit and minute (or second, where that is asked for), so that
// many cost no more than one.
class Increments {
 public:
  void add(const Place& place, const Metric& metric, Unit unit, std::int64_t start_s, const Aggregate& aggregate);
  void merge(Increments other);
  bool empty() const { return points_.empty(); }
  std::size_t size() const { return points_.size(); }
  // Adds everything to what the store has.
  void apply(storage::Transaction& transaction, base::Time now) const;

 private:
  // Ordered so that a metric's points come together.
  using Point = std::tuple<Place, Metric, std::int64_t, Unit>;
  std::map<Point, Aggregate, std::less<>> points_;
};

// The start of the period that a moment belongs to: its minute, or its second at a resolution of 1.
std::int64_t start_of_point_s(base::Time time, int resolution_s);

struct StoredMetric {
  Metric metric;
  std::uint64_t id = 0;
  std::int64_t last_s = 0;  // when it last got a datapoint, to within some minutes
};

std::optional<StoredMetric> find_metric(const storage::Reader& reader, const Place& place, const Metric& metric);

// Visits the place's metrics by namespace, name and dimensions: those after the key `after` where it isn't empty. The
// visit gets the key, to go on from.
struct MetricFilter {
  std::optional<std::string> name_space;
  std::optional<std::string> name;  // looked up only where there is a namespace too
};
void scan_metrics(const storage::Reader& reader, const Place& place, const MetricFilter& filter, std::string_view after,
                  const std::function<storage::Step(std::string_view key, StoredMetric)>& visit);

// Visits the datapoints that begin in [from_s, to_s).
void scan_points(const storage::Reader& reader, std::uint64_t metric_id, std::int64_t from_s, std::int64_t to_s,
                 const std::function<void(std::int64_t start_s, Unit unit, Aggregate aggregate)>& visit);

// Removes datapoints past their retention, and metrics that have none left. Waits for the disk: not on a worker.
std::size_t sweep_metrics(storage::Store& store, base::Time now);

}  // namespace localcloud::metrics
