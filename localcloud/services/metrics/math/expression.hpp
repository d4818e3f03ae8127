#pragma once
// Metric math: expressions over time series, as GetMetricData and alarms take them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
//
// Has + - * / ^, comparisons, AND OR && ||, parentheses, numbers, ids, [lists], and the functions
// ABS AVG CEIL DATAPOINT_COUNT DIFF FILL FLOOR IF MAX METRICS MIN PERIOD RATE RUNNING_SUM STDDEV SUM TIME_SERIES.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "localcloud/services/metrics/math/series.hpp"

namespace localcloud::metrics::math {

struct Node;

// What an expression's names stand for.
struct Names {
  std::function<const Value*(std::string_view id)> find;
  // Every metric (not expression) of the request, with its id, in the request's order: for METRICS().
  std::vector<std::pair<std::string, Series>> metrics;
  // The periods of a series that is made from a number.
  Series periods;
};

// An expression that has been parsed. Immutable; copies share it.
class Expression {
 public:
  // `id` names the expression in errors. Answers ValidationError.
  static Result<Expression> parse(std::string_view id, std::string_view text);

  // The ids it refers to, each once.
  const std::vector<std::string>& ids() const { return ids_; }
  // Answers ValidationError where an id is missing or types don't fit.
  Result<Value> evaluate(const Names& names) const;

 private:
  std::string id_;
  std::shared_ptr<const Node> root_;
  std::vector<std::string> ids_;
};

// The functions, in functions.cpp. The message of an error is without the expression's name.
Result<Value> call_function(std::string_view name, std::vector<Value> arguments);
Result<Value> combine(std::string_view sign, const Value& left, const Value& right);
enum class FillKind { repeat, linear };
Result<Value> fill(const Value& value, FillKind kind);
bool is_function(std::string_view name);

ServiceError math_error(std::string message);

}  // namespace localcloud::metrics::math
