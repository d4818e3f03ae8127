#pragma once
// Invocations that nobody waits for: accepted durably, run, and run again where they fail.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html

#include <memory>

#include "base/executor.hpp"
#include "localcloud/services/lambda/functions.hpp"
#include "localcloud/services/lambda/runtime/pool.hpp"

namespace localcloud::lambda {

// Thread-safe. An event leaves the store once its function has succeeded, or failed three times (at once, a minute
// later and two minutes after that), or couldn't be started for six hours. After a crash, it runs (again).
class Events {
 public:
  Events(storage::Store& store, base::Timers& timers, Functions& functions, Pool& pool);
  // Waits for what is being written; what runs is left for the next start. The pool must be gone before.
  ~Events();

  // Starts nothing more, and counts no failure for what is cut short from now on.
  void stop();
  // Takes up what the store holds. Once, at the start.
  void resume();
  // The event is in the store: run it when it is due.
  void accepted(const EventRecord& event);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace localcloud::lambda
