#pragma once
// Whether an alarm goes off: M of N datapoints against a threshold, and what to make of those that are missing. Pure.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/metrics/alarm_api.hpp"

namespace localcloud::metrics::alarms {

enum class Missing { missing, ignore, breaching, not_breaching };
std::optional<Missing> parse_missing(std::string_view text);

struct Rule {
  ComparisonOperator comparison = ComparisonOperator::greater_than_threshold;
  double threshold = 0;
  int evaluation_periods = 1;   // N
  int datapoints_to_alarm = 1;  // M
  Missing missing = Missing::missing;
};

// AWS looks a little further back than N periods, so that late datapoints still count.
inline constexpr int kPeriodsBefore = 2;

struct Datapoint {
  std::int64_t time_s = 0;
  std::optional<double> value;
  std::optional<double> sample_count = {};
};

struct Verdict {
  StateValue state = StateValue::insufficient_data;
  std::string reason;
  std::vector<Datapoint> evaluated;  // the real ones that decided, latest first
};

// The state that follows from the datapoints of the last N + kPeriodsBefore periods, oldest first. Nothing: the state
// stays as it is.
std::optional<Verdict> evaluate(const Rule& rule, const std::vector<Datapoint>& datapoints);

// A number as AWS writes it in a reason: 5.0, 0.25, 1.0E10.
std::string to_text(double number);

}  // namespace localcloud::metrics::alarms
