#pragma once
// Running a task to its end on this thread, as a function's process does: it has one invocation at a time and nothing
// else to do while it waits.

#include <chrono>
#include <optional>
#include <thread>

#include "base/check.hpp"
#include "base/executor.hpp"
#include "base/task.hpp"

namespace pipeline::aws_client {

// Timers that sleep: what waits for them goes on before at() returns.
class BlockingTimers final : public base::Timers {
 public:
  explicit BlockingTimers(const base::Clock& clock) : clock_(clock) {}
  const base::Clock& clock() const override { return clock_; }
  void at(base::Time when, base::Work work) override {
    const base::Duration rest = when - clock_.now();
    if (rest > base::Duration::zero()) std::this_thread::sleep_for(rest);
    work();
  }

 private:
  const base::Clock& clock_;
};

template <class T>
Task<void> keep_outcome(Task<T> task, std::optional<T>& outcome, std::exception_ptr& exception) {
  try {
    outcome.emplace(co_await task);
  } catch (...) {
    exception = std::current_exception();
  }
}

// The task must wait for nothing but blocking calls and BlockingTimers.
template <class T>
T run_blocking(Task<T> task) {
  std::optional<T> outcome;
  std::exception_ptr exception;
  base::spawn(keep_outcome(std::move(task), outcome, exception));
  if (exception) std::rethrow_exception(exception);
  CHECK(outcome.has_value());
  return *std::move(outcome);
}

}  // namespace pipeline::aws_client
