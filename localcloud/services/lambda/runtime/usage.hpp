#pragma once
// Events in work: counted against the limits, and for CloudWatch, whether processes or linked code work on them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.hpp"
#include "localcloud/services/lambda/metric_sink.hpp"
#include "localcloud/services/lambda/runtime/function_version.hpp"
#include "localcloud/services/lambda/runtime/invocation.hpp"

namespace localcloud::lambda {

// Thread-safe. The timers and the sink outlive it.
class Usage {
 public:
  // `account_max`: events of one account in work or waiting.
  Usage(int account_max, base::Timers& timers, MetricSink& sink);
  ~Usage();

  // Counts an event in; or says how it is throttled. `reserved` is the function's own limit, -1 for none.
  std::optional<Answer::Outcome> admit(const std::shared_ptr<const FunctionVersion>& version, int reserved);
  // Its answer is there: it doesn't count any more.
  void answered(const FunctionVersion& version);
  // One invocation is over.
  void finished(const std::shared_ptr<const FunctionVersion>& version, double duration_ms, Answer::Outcome outcome);

  // Hands what was gathered to the sink; it does so by itself a second after there is something.
  void record();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace localcloud::lambda
