#pragma once
// The work that no request waits for, on a thread of its own: expiry, retention, alarms.

#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/executor.hpp"

namespace localcloud {

// Whether a job runs, and whether another may begin. Thread-safe.
class JobsInHand {
 public:
  bool begin();  // false: no more jobs
  void end();
  void finish();  // waits until none runs; none begins any more

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
  bool is_finishing_ = false;
};

// Not thread-safe; add everything before or right after the start.
class Housekeeping {
 public:
  explicit Housekeeping(const base::Clock& clock) : timers_(clock) {}
  // Waits for the job in hand, which may wait for the store in turn: that must still run.
  ~Housekeeping();

  // Runs `job` every `interval`, for the first time after `interval`. Jobs run one after another and may wait for the
  // disk. What a job throws is logged; it runs again next time.
  void every(base::Duration interval, const char* name, std::function<void()> job);
  // The same for a job that suspends; the next run is counted from its end.
  void every(base::Duration interval, const char* name, std::function<Task<void>()> job);

  // Its thread, for jobs that keep their own time.
  base::Executor& thread() { return thread_; }

 private:
  JobsInHand jobs_;
  base::ThreadExecutor thread_;
  base::ThreadTimers timers_;
};

}  // namespace localcloud
