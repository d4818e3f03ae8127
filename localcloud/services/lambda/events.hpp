#pragma once
// Invocations that nobody waits for: accepted durably, run, and run again where they fail.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html

#include <memory>

#include "base/executor.hpp"
#include "localcloud/services/lambda/functions.hpp"
#include "localcloud/services/lambda/runtime/pool.hpp"

namespace localcloud::lambda {

// Of those that wait together, until they are worked off: they take a little memory each, and their payloads' disk.
struct EventsMax {
  std::size_t count = 100'000;
  std::size_t bytes = 1 << 30;
};

// Thread-safe. An event leaves the store once its function has succeeded, or failed three times (at once, a minute
// later and two minutes after that), or couldn't be started for six hours. After a crash, it runs (again).
class Events {
 public:
  Events(storage::Store& store, base::Timers& timers, Functions& functions, Pool& pool, EventsMax max);
  // Waits for what is being written; what runs is left for the next start. The pool must be gone before.
  ~Events();

  // Starts nothing more, and counts no failure for what is cut short from now on.
  void stop();
  // Takes up what the store holds. Once, at the start.
  void resume();
  // Stores the event, and runs it when it is due. TooManyRequestsException where too many wait.
  Task<Result<Done>> accept(EventRecord event);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace localcloud::lambda
