// Queries over stored metrics.

#include "localcloud/services/metrics/query.hpp"

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/math/expression.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kQueriesMax = 500;
constexpr std::int64_t kPeriodsMax = 100'800;  // of one query: what one answer can hold

bool is_id(std::string_view id) {
  if (id.empty() || id[0] < 'a' || id[0] > 'z') return false;
  return std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

Result<Done> check_query(const MetricDataQuery& query, const std::string& where) {
  if (!is_id(query.id)) {
    return failure(validation(
        fmt::format("The value {} for parameter {}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
                    query.id, where)));
  }
  if (query.metric_stat && query.expression) {
    return failure(validation(fmt::format(
        "The parameters {}.Expression and {}.MetricStat are mutually exclusive and you have specified both.", where,
        where)));
  }
  if (!query.metric_stat && !query.expression) {
    return failure(validation(
        fmt::format("Exactly one of the parameters {}.Expression and {}.MetricStat must be specified.", where, where)));
  }
  if (query.expression) {
    TRY(math::Expression::parse(query.id, *query.expression));
    return Done{};
  }
  const MetricStat& stat = *query.metric_stat;
  if (!stat.metric.name_space) return failure(missing_parameter(where + ".MetricStat.Metric.Namespace"));
  if (!stat.metric.metric_name) return failure(missing_parameter(where + ".MetricStat.Metric.MetricName"));
  TRY(to_dimensions(stat.metric.dimensions));
  if (!is_period(stat.period)) return failure(invalid_period(where + ".MetricStat.Period"));
  // Unlike AWS: of the extended statistics only percentiles (p…) are here; trimmed means and ranks are refused by name.
  if (!Statistic::parse(stat.stat)) return failure(invalid_statistic(where + ".MetricStat.Stat", stat.stat));
  return Done{};
}

math::Series read_series(const storage::Reader& reader, const Place& place, const MetricStat& stat,
                         const Range& range) {
  const Grid grid = grid_of(range, stat.period);
  math::Series series{grid.start_s, grid.period_s, std::vector<std::optional<double>>(grid.count)};
  const Metric metric{*stat.metric.name_space, *stat.metric.metric_name, *to_dimensions(stat.metric.dimensions)};
  const std::vector<Aggregate> aggregates = read_aggregates(reader, place, metric, stat.unit, grid);
  const Statistic statistic = *Statistic::parse(stat.stat);
  for (std::size_t i = 0; i < aggregates.size(); ++i) series.values[i] = statistic.of(aggregates[i]);
  return series;
}

// Values of queries by their ids. Expressions are evaluated when they are first asked for.
class Evaluation {
 public:
  Evaluation(const storage::Reader& reader, const Place& place, const std::vector<MetricDataQuery>& queries,
             const Range& range)
      : queries_(queries) {
    for (const MetricDataQuery& query : queries) {
      if (!query.metric_stat) continue;
      math::Series series = read_series(reader, place, *query.metric_stat, range);
      names_.metrics.emplace_back(query.id, series);
      values_.emplace(query.id, std::move(series));
    }
    std::int64_t period_s = 60;
    for (const auto& [id, series] : names_.metrics) period_s = std::max(period_s, series.period_s);
    const Grid grid = grid_of(range, period_s);
    names_.periods = {grid.start_s, grid.period_s, std::vector<std::optional<double>>(grid.count)};
    names_.find = [this](std::string_view id) -> const math::Value* {
      const auto found = values_.find(id);
      return found == values_.end() ? nullptr : &found->second;
    };
  }

  Result<math::Value> value_of(const MetricDataQuery& query) {
    if (const auto found = values_.find(query.id); found != values_.end()) return found->second;
    if (std::ranges::find(open_, query.id) != open_.end() || open_.size() > 100) {
      return failure(math::math_error(fmt::format("Error in expression '{}' [It refers to itself]", query.id)));
    }
    const math::Expression expression = TRY(math::Expression::parse(query.id, *query.expression));
    open_.push_back(query.id);
    for (const std::string& id : expression.ids()) {
      const auto other = std::ranges::find(queries_, id, &MetricDataQuery::id);
      if (other != queries_.end()) TRY(value_of(*other));
    }
    open_.pop_back();
    math::Value value = TRY(expression.evaluate(names_));
    values_.emplace(query.id, value);
    return value;
  }

 private:
  const std::vector<MetricDataQuery>& queries_;
  std::map<std::string, math::Value, std::less<>> values_;
  std::vector<std::string> open_;  // expressions that wait for others
  math::Names names_;
};

}  // namespace

Result<Dimensions> to_dimensions(const std::optional<std::vector<Dimension>>& list) {
  Dimensions dimensions;
  if (!list) return dimensions;
  for (const Dimension& dimension : *list) {
    if (!dimensions.emplace(dimension.name, dimension.value).second) {
      return failure(invalid_value(fmt::format("The dimension {} is specified more than once.", dimension.name)));
    }
  }
  return dimensions;
}

std::vector<Dimension> from_dimensions(const Dimensions& dimensions) {
  std::vector<Dimension> list;
  for (const auto& [name, value] : dimensions) list.push_back({name, value});
  return list;
}

bool is_period(std::int64_t period_s) {
  constexpr std::int64_t kShort[] = {1, 5, 10, 20, 30};
  if (period_s < 60) return std::ranges::find(kShort, period_s) != std::end(kShort);
  return period_s % 60 == 0 && period_s <= 86'400 * 365;
}

std::vector<Aggregate> read_aggregates(const storage::Reader& reader, const Place& place, const Metric& metric,
                                       std::optional<Unit> unit, const Grid& grid) {
  std::vector<Aggregate> aggregates(grid.count);
  const std::optional<StoredMetric> stored = find_metric(reader, place, metric);
  if (!stored) return aggregates;
  const std::int64_t end_s = grid.start_s + grid.period_s * static_cast<std::int64_t>(grid.count);
  scan_points(reader, stored->id, grid.start_s, end_s, [&](std::int64_t start_s, Unit found, const Aggregate& point) {
    if (unit && *unit != found) return;
    aggregates[static_cast<std::size_t>((start_s - grid.start_s) / grid.period_s)].merge(point);
  });
  return aggregates;
}

Grid grid_of(const Range& range, std::int64_t period_s) {
  const std::int64_t start_s = std::max<std::int64_t>(range.start_s, 0);
  if (range.align == Range::Align::to_end) {
    const std::int64_t count = std::clamp((range.end_s - start_s) / period_s, std::int64_t{0}, kPeriodsMax);
    return {range.end_s - count * period_s, period_s, static_cast<std::size_t>(count)};
  }
  const std::int64_t first_s = start_s - start_s % period_s;
  const std::int64_t span_s = std::max<std::int64_t>(range.end_s - first_s, 0);
  const std::int64_t count = std::min(span_s / period_s + (span_s % period_s != 0 ? 1 : 0), kPeriodsMax);
  return {first_s, period_s, static_cast<std::size_t>(count)};
}

Result<Done> check_queries(const std::vector<MetricDataQuery>& queries, std::string_view name) {
  if (queries.empty() || queries.size() > kQueriesMax) {
    return failure(validation(
        fmt::format("The collection {} must not have a size greater than {}, or be empty.", name, kQueriesMax)));
  }
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    TRY(check_query(queries[i], fmt::format("{}.member.{}", name, i + 1)));
    ids.push_back(queries[i].id);
  }
  std::ranges::sort(ids);
  if (std::ranges::adjacent_find(ids) != ids.end()) {
    return failure(validation(fmt::format("The values for parameter Id in {} are not unique.", name)));
  }
  return Done{};
}

Result<std::vector<Answer>> answer_queries(const storage::Reader& reader, const Place& place,
                                           const std::vector<MetricDataQuery>& queries, const Range& range) {
  Evaluation evaluation(reader, place, queries, range);
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (!queries[i].return_data.value_or(true)) continue;
    math::Value value = TRY(evaluation.value_of(queries[i]));
    if (auto* const series = std::get_if<math::Series>(&value)) {
      answers.push_back({i, std::move(*series)});
    } else if (auto* const list = std::get_if<math::SeriesList>(&value)) {
      for (math::Series& one : *list) answers.push_back({i, std::move(one)});
    } else {
      return failure(math::math_error(fmt::format(
          "Error in expression '{}' [The expression must return a time series, it returns a number]", queries[i].id)));
    }
  }
  return answers;
}

}  // namespace localcloud::metrics
