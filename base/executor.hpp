#pragma once
// Where work runs: an Executor is a worker thread's queue; Timers run work later. Both are injected.

#include <coroutine>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace base {

using Work = std::move_only_function<void()>;

// Thread-safe. Work posted to one executor runs in order, on one thread at a time.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void post(Work work) = 0;

  // The executor whose work this thread runs now, or nullptr. Each executor sets it while it runs.
  static Executor*& current();
};

// co_await resume_on(executor) continues there.
inline auto resume_on(Executor& executor) {
  struct Awaiter {
    Executor& executor;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) const {
      executor.post([waiting] { waiting.resume(); });
    }
    void await_resume() const noexcept {}
  };
  return Awaiter{executor};
}

// Runs work at a time, on an executor of its choice. Thread-safe.
class Timers {
 public:
  virtual ~Timers() = default;
  virtual const Clock& clock() const = 0;
  // Runs `work` once, at `when` or soon after. It runs on a timer thread: post elsewhere what takes long.
  virtual void at(Time when, Work work) = 0;
};

// co_await sleep_until(timers, when) continues on the executor that it was called on.
inline auto sleep_until(Timers& timers, Time when) {
  struct Awaiter {
    Timers& timers;
    Time when;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) const {
      Executor* const here = Executor::current();
      timers.at(when, [waiting, here] {
        if (here) {
          here->post([waiting] { waiting.resume(); });
        } else {
          waiting.resume();
        }
      });
    }
    void await_resume() const noexcept {}
  };
  return Awaiter{timers, when};
}

// One thread that runs posted work in order. Joins at destruction, after what was posted.
class ThreadExecutor final : public Executor {
 public:
  ThreadExecutor();
  ~ThreadExecutor() override;
  void post(Work work) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Timers over a real clock, on one thread. What is still pending at destruction is dropped.
class ThreadTimers final : public Timers {
 public:
  explicit ThreadTimers(const Clock& clock);
  ~ThreadTimers() override;
  const Clock& clock() const override;
  void at(Time when, Work work) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Timers that fire when a test moves its clock. Not thread-safe but for at().
class ManualTimers final : public Timers {
 public:
  explicit ManualTimers(ManualClock& clock);
  ~ManualTimers() override;
  const Clock& clock() const override;
  void at(Time when, Work work) override;
  // Moves the clock on, stopping at each pending moment in turn to run what is due then.
  void advance(Duration by);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace base
