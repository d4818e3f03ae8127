#pragma once
// What GetMetricData and alarms ask: metrics of the store, and expressions over them, as time series.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "localcloud/services/metrics/math/series.hpp"
#include "localcloud/services/metrics/records.hpp"
#include "localcloud/services/metrics/shapes.hpp"

namespace localcloud::metrics {

// A metric as the wire names it; dimensions in any order are the same metric.
Result<Dimensions> to_dimensions(const std::optional<std::vector<Dimension>>& dimensions);
std::vector<Dimension> from_dimensions(const Dimensions& dimensions);

// 1, 5, 10, 20, 30 or a multiple of 60 seconds, at most a day.
bool is_period(std::int64_t period_s);

// One metric's aggregates, one per period from start_s on.
struct Grid {
  std::int64_t start_s = 0;
  std::int64_t period_s = 60;
  std::size_t count = 0;
};
std::vector<Aggregate> read_aggregates(const storage::Reader& reader, const Place& place, const Metric& metric,
                                       std::optional<Unit> unit, const Grid& grid);

// Where the periods begin: at multiples of the period, or so that the last one ends at the end.
struct Range {
  std::int64_t start_s = 0;
  std::int64_t end_s = 0;
  enum class Align { to_period, to_end } align = Align::to_period;
};
Grid grid_of(const Range& range, std::int64_t period_s);

// One query's answer: usually one series; an expression may give several.
struct Answer {
  std::size_t query = 0;  // its index
  math::Series series;
};

// Checks the queries as AWS does: ids, periods, statistics, and that each expression can be read. `name` is the
// member's in errors: "MetricDataQueries".
Result<Done> check_queries(const std::vector<MetricDataQuery>& queries, std::string_view name);

// The answers of the queries that return data, in their order.
Result<std::vector<Answer>> answer_queries(const storage::Reader& reader, const Place& place,
                                           const std::vector<MetricDataQuery>& queries, const Range& range);

}  // namespace localcloud::metrics
