#pragma once
// Evaluates every alarm each minute, those with periods under a minute every ten seconds.

#include <memory>

#include "base/executor.hpp"
#include "localcloud/services/metrics/alarms/evaluation.hpp"
#include "localcloud/services/metrics/alarms/transition.hpp"

namespace localcloud::metrics::alarms {

// What the alarm makes of the datapoints there are now. Nothing: the state stays.
struct Finding {
  Verdict verdict;
  std::string reason_data;  // JSON
};
std::optional<Finding> evaluate_alarm(const storage::Reader& reader, const Place& place, const MetricAlarm& alarm,
                                      base::Time now);

class Evaluator {
 public:
  // `background` runs the evaluations, which wait for the disk, `worker` the actions, which don't. Everything given
  // must outlive the evaluator. It starts at once.
  Evaluator(storage::Store& store, base::Timers& timers, base::Executor& background, base::Executor& worker,
            Actions& actions);
  // Waits for an evaluation that runs.
  ~Evaluator();

 private:
  struct State;
  static void wait(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace localcloud::metrics::alarms
