#pragma once
// The one thread that looks after every function's process: its sockets, its output, its deadlines.

#include <cstdint>
#include <functional>
#include <memory>

#include "base/executor.hpp"

namespace localcloud::lambda {

// post() is thread-safe; everything else is for work that runs on the loop.
class Loop final : public base::Executor {
 public:
  using Ready = std::function<void(std::uint32_t epoll_events)>;
  using Steady = std::chrono::steady_clock::time_point;

  Loop();
  ~Loop() override;  // joins; what is still queued is dropped

  void post(base::Work work) override;

  // Calls `ready` while `fd` is readable, or closed by its peer. The loop doesn't own `fd`.
  void watch(int fd, Ready ready);
  // Also calls it while `fd` is writable.
  void watch_writable(int fd);
  void unwatch_writable(int fd);
  // Before close(fd). `ready` is not called again, but stays alive until it returns where it is running.
  void forget(int fd);

  void at(Steady when, base::Work work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace localcloud::lambda
