#pragma once
// When running executions want to be woken. Most of it never comes, for the ends of timeouts go with the execution: so
// a wake-up can be taken back, and what it holds is freed then.

#include <cstdint>
#include <memory>

#include "base/executor.hpp"

namespace localcloud::stepfunctions {

// Thread-safe.
class WakeUps {
 public:
  // `timers` must outlive it. What is pending at destruction is dropped.
  explicit WakeUps(base::Timers& timers);
  ~WakeUps();

  struct Ticket {
    base::Time due;
    std::uint64_t number = 0;
    auto operator<=>(const Ticket&) const = default;
  };
  // Runs `work` once, at `due` or soon after, on a timer thread: post elsewhere what takes long.
  Ticket set(base::Time due, base::Work work);
  // Does nothing where the work has run, or is about to.
  void cancel(const Ticket& ticket);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace localcloud::stepfunctions
