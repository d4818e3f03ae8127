// Operators and functions of metric math.

#include <cmath>

#include "localcloud/services/metrics/math/expression.hpp"

namespace localcloud::metrics::math {

namespace {

using Maybe = std::optional<double>;

constexpr std::string_view kFunctions[] = {
    "ABS", "AVG",    "CEIL", "DATAPOINT_COUNT", "DIFF",   "FILL", "FLOOR",      "IF", "MAX", "METRICS",
    "MIN", "PERIOD", "RATE", "RUNNING_SUM",     "STDDEV", "SUM",  "TIME_SERIES"};

Maybe finite(double value) {
  return std::isfinite(value) ? Maybe{value} : std::nullopt;
}

// A division by zero leaves no datapoint, as AWS does it.
Maybe calculate(std::string_view sign, double a, double b) {
  if (sign == "+") return finite(a + b);
  if (sign == "-") return finite(a - b);
  if (sign == "*") return finite(a * b);
  if (sign == "/") return b == 0 ? std::nullopt : finite(a / b);
  if (sign == "^") return finite(std::pow(a, b));
  if (sign == "<") return a < b;
  if (sign == ">") return a > b;
  if (sign == "<=") return a <= b;
  if (sign == ">=") return a >= b;
  if (sign == "==") return a == b;
  if (sign == "!=") return a != b;
  if (sign == "&&") return a != 0 && b != 0;
  return a != 0 || b != 0;  // "||"
}

template <class Function>
Series each(Series series, Function function) {
  for (Maybe& value : series.values) {
    if (value) value = function(*value);
  }
  return series;
}

// Both series where both have a value. Where their periods differ the coarser one's count.
template <class Function>
Series join(const Series& left, const Series& right, Function function) {
  Series out = left.period_s >= right.period_s ? left : right;
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const Maybe a = left.at(out.time_s(i));
    const Maybe b = right.at(out.time_s(i));
    out.values[i] = a && b ? function(*a, *b) : std::nullopt;
  }
  return out;
}

template <class Function>
Result<Value> map_each(const Value& value, Function function) {
  if (const auto* const scalar = std::get_if<Scalar>(&value)) return Value{*scalar ? function(**scalar) : std::nullopt};
  if (const auto* const series = std::get_if<Series>(&value)) return each(*series, function);
  SeriesList list = std::get<SeriesList>(value);
  for (Series& series : list) series = each(std::move(series), function);
  return list;
}

struct Sums {
  double count = 0;
  double sum = 0;
  double squares = 0;
  double minimum = 0;
  double maximum = 0;
  void add(double value) {
    minimum = count == 0 ? value : std::min(minimum, value);
    maximum = count == 0 ? value : std::max(maximum, value);
    count += 1;
    sum += value;
    squares += value * value;
  }
  Maybe get(std::string_view name) const {
    if (count == 0) return std::nullopt;
    if (name == "SUM") return finite(sum);
    if (name == "MIN") return minimum;
    if (name == "MAX") return maximum;
    if (name == "AVG") return finite(sum / count);
    return finite(std::sqrt(std::max(0.0, squares / count - (sum / count) * (sum / count))));  // STDDEV
  }
};

// One series becomes a number; several become one series, time by time.
Result<Value> aggregate(std::string_view name, const Value& value) {
  if (std::holds_alternative<Scalar>(value)) return value;
  if (const auto* const series = std::get_if<Series>(&value)) {
    Sums sums;
    for (const Maybe& point : series->values) {
      if (point) sums.add(*point);
    }
    return Value{sums.get(name)};
  }
  const SeriesList& list = std::get<SeriesList>(value);
  if (list.empty()) return Series{};
  Series out = *std::ranges::max_element(list, {}, &Series::period_s);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    Sums sums;
    for (const Series& series : list) {
      if (const Maybe point = series.at(out.time_s(i))) sums.add(*point);
    }
    out.values[i] = sums.get(name);
  }
  return out;
}

// What a datapoint and the one before it make.
Series with_previous(std::string_view name, const Series& series) {
  Series out = series;
  Maybe before;
  std::int64_t before_s = 0;
  double total = 0;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const Maybe value = series.values[i];
    out.values[i] = std::nullopt;
    if (!value) continue;
    if (name == "RUNNING_SUM") {
      total += *value;
      out.values[i] = finite(total);
    } else if (before) {
      const double change = *value - *before;
      out.values[i] = name == "DIFF" ? change : change / static_cast<double>(series.time_s(i) - before_s);
    }
    before = value;
    before_s = series.time_s(i);
  }
  return out;
}

Series fill_with(Series series, const Value& with) {
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (series.values[i]) continue;
    if (const auto* const scalar = std::get_if<Scalar>(&with)) {
      series.values[i] = *scalar;
    } else {
      series.values[i] = std::get<Series>(with).at(series.time_s(i));
    }
  }
  return series;
}

Series fill_one(Series series, FillKind kind) {
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!series.values[i]) {
      if (kind == FillKind::repeat && last) series.values[i] = series.values[*last];
      continue;
    }
    if (kind == FillKind::linear && last) {
      const double step = (*series.values[i] - *series.values[*last]) / static_cast<double>(i - *last);
      for (std::size_t j = *last + 1; j < i; ++j) {
        series.values[j] = *series.values[*last] + step * static_cast<double>(j - *last);
      }
    }
    last = i;
  }
  return series;
}

template <class Function>
Result<Value> map_series(std::string_view name, const Value& value, Function function) {
  if (const auto* const series = std::get_if<Series>(&value)) return function(*series);
  if (std::holds_alternative<Scalar>(value)) return failure(math_error(std::string(name) + " wants a time series"));
  SeriesList list = std::get<SeriesList>(value);
  for (Series& series : list) series = function(series);
  return list;
}

// Where the condition isn't 0 the first, else the second; without a second there is no datapoint.
Result<Value> choose(const std::vector<Value>& arguments) {
  const Value& condition = arguments[0];
  for (const Value& argument : arguments) {
    if (std::holds_alternative<SeriesList>(argument)) return failure(math_error("IF takes no list"));
  }
  if (const auto* const scalar = std::get_if<Scalar>(&condition)) {
    if (*scalar && **scalar != 0) return arguments[1];
    return arguments.size() > 2 ? arguments[2] : Value{Scalar{}};
  }
  const auto& tests = std::get<Series>(condition);
  Series out = tests;
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const Maybe test = tests.values[i];
    out.values[i] = std::nullopt;
    if (!test || (*test == 0 && arguments.size() < 3)) continue;
    const Value& chosen = arguments[*test != 0 ? 1 : 2];
    const auto* const scalar = std::get_if<Scalar>(&chosen);
    out.values[i] = scalar ? *scalar : std::get<Series>(chosen).at(out.time_s(i));
  }
  return out;
}

Result<Value> call_with_one(std::string_view name, const Value& value) {
  if (name == "ABS") return map_each(value, [](double x) -> Maybe { return std::fabs(x); });
  if (name == "CEIL") return map_each(value, [](double x) -> Maybe { return std::ceil(x); });
  if (name == "FLOOR") return map_each(value, [](double x) -> Maybe { return std::floor(x); });
  if (name == "DIFF" || name == "RATE" || name == "RUNNING_SUM") {
    return map_series(name, value, [name](const Series& series) { return with_previous(name, series); });
  }
  if (name == "TIME_SERIES") return failure(math_error("TIME_SERIES wants a number"));
  if (name == "PERIOD" || name == "DATAPOINT_COUNT") {
    const auto* const series = std::get_if<Series>(&value);
    if (!series) return failure(math_error(std::string(name) + " wants a time series"));
    if (name == "PERIOD") return Value{Scalar{static_cast<double>(series->period_s)}};
    return Value{Scalar{static_cast<double>(std::ranges::count_if(series->values, &Maybe::has_value))}};
  }
  return aggregate(name, value);
}

}  // namespace

std::optional<double> Series::at(std::int64_t time_s) const {
  const std::int64_t offset = time_s - start_s;
  if (offset < 0 || offset % period_s != 0) return std::nullopt;
  const auto index = static_cast<std::size_t>(offset / period_s);
  return index < values.size() ? values[index] : std::nullopt;
}

bool is_function(std::string_view name) {
  return std::ranges::find(kFunctions, name) != std::end(kFunctions);
}

Result<Value> combine(std::string_view sign, const Value& left, const Value& right) {
  const auto calculate_with = [sign](double a, double b) { return calculate(sign, a, b); };
  const auto* const a = std::get_if<Scalar>(&left);
  const auto* const b = std::get_if<Scalar>(&right);
  if (a && b) return Value{*a && *b ? calculate_with(**a, **b) : std::nullopt};
  if (a) return map_each(right, [&](double x) { return *a ? calculate_with(**a, x) : std::nullopt; });
  if (b) return map_each(left, [&](double x) { return *b ? calculate_with(x, **b) : std::nullopt; });
  const auto* const first = std::get_if<Series>(&left);
  const auto* const second = std::get_if<Series>(&right);
  if (first && second) return join(*first, *second, calculate_with);
  if (!first && !second) {
    return failure(math_error("Unsupported operand types for '" + std::string(sign) + "': two lists of time series"));
  }
  SeriesList list = first ? std::get<SeriesList>(right) : std::get<SeriesList>(left);
  for (Series& series : list) {
    series = first ? join(*first, series, calculate_with) : join(series, *second, calculate_with);
  }
  return list;
}

Result<Value> fill(const Value& value, FillKind kind) {
  return map_series("FILL", value, [kind](const Series& series) { return fill_one(series, kind); });
}

Result<Value> call_function(std::string_view name, std::vector<Value> arguments) {
  const std::size_t count = arguments.size();
  if (name == "IF" && (count == 2 || count == 3)) return choose(arguments);
  if (name == "FILL" && count == 2) {
    const Value& with = arguments[1];
    if (std::holds_alternative<SeriesList>(with)) return failure(math_error("FILL can't fill with a list"));
    return map_series(name, arguments[0], [&with](const Series& series) { return fill_with(series, with); });
  }
  if (name == "IF" || name == "FILL" || count != 1) {
    return failure(math_error("Wrong number of arguments for " + std::string(name)));
  }
  return call_with_one(name, arguments[0]);
}

}  // namespace localcloud::metrics::math
