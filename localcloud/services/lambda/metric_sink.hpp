#pragma once
// Where Lambda's own metrics go: namespace AWS/Lambda, dimension FunctionName. main.cpp joins it to CloudWatch Metrics.

#include <string>
#include <vector>

#include "base/clock.hpp"

namespace localcloud::lambda {

struct Measurement {
  std::string account;
  std::string region;
  std::string function_name;
  std::string name;  // Invocations, Errors, Duration, Throttles, ConcurrentExecutions
  std::string unit;  // Count, Milliseconds
  base::Time time;
  std::vector<double> values;  // one an invocation
};

class MetricSink {
 public:
  virtual ~MetricSink() = default;
  // Called on Lambda's own thread: it must only queue.
  virtual void record(std::vector<Measurement> measurements) = 0;
};

}  // namespace localcloud::lambda
