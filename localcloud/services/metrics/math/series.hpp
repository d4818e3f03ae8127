#pragma once
// What metric math computes with: a number, a time series, or several time series. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace localcloud::metrics::math {

// One place per period; nothing where there is no datapoint.
struct Series {
  std::int64_t start_s = 0;
  std::int64_t period_s = 60;
  std::vector<std::optional<double>> values;

  std::int64_t time_s(std::size_t index) const { return start_s + static_cast<std::int64_t>(index) * period_s; }
  // The value of the period that begins at that time, where there is one.
  std::optional<double> at(std::int64_t time_s) const;
  bool operator==(const Series&) const = default;
};

using Scalar = std::optional<double>;  // nothing: undefined, e.g. the average of no datapoints
using SeriesList = std::vector<Series>;
using Value = std::variant<Scalar, Series, SeriesList>;

}  // namespace localcloud::metrics::math
