#pragma once
// The work that no request waits for, on a thread of its own: expiry, retention, alarms.

#include <functional>

#include "base/executor.hpp"

namespace localcloud {

// Not thread-safe; add everything before or right after the start. Its destructor waits for the job in hand.
class Housekeeping {
 public:
  explicit Housekeeping(const base::Clock& clock) : timers_(clock) {}

  // Runs `job` every `interval`, for the first time after `interval`. Jobs run one after another and may wait for the
  // disk. What a job throws is logged; it runs again next time.
  void every(base::Duration interval, const char* name, std::function<void()> job);
  // The same for a job that suspends; the next run is counted from its end.
  void every(base::Duration interval, const char* name, std::function<Task<void>()> job);

  // Its thread, for jobs that keep their own time.
  base::Executor& thread() { return thread_; }

 private:
  base::ThreadExecutor thread_;
  base::ThreadTimers timers_;
};

}  // namespace localcloud
