#include "localcloud/housekeeping.hpp"

#include "base/log.hpp"

namespace localcloud {

namespace {

Task<void> repeat(base::Executor& thread, base::Timers& timers, base::Duration interval, const char* name,
                  std::function<Task<void>()> job) {
  co_await base::resume_on(thread);
  for (;;) {
    co_await base::sleep_until(timers, timers.clock().now() + interval);
    try {
      co_await job();
    } catch (const std::exception& error) {
      base::log(base::LogLevel::error, "housekeeping failed", {{"job", name}, {"reason", error.what()}});
    }
  }
}

Task<void> run_plain(std::function<void()> job) {
  job();
  co_return;
}

}  // namespace

void Housekeeping::every(base::Duration interval, const char* name, std::function<void()> job) {
  std::function<Task<void>()> task = [job = std::move(job)] { return run_plain(job); };
  base::spawn(repeat(thread_, timers_, interval, name, std::move(task)));
}

void Housekeeping::every(base::Duration interval, const char* name, std::function<Task<void>()> job) {
  base::spawn(repeat(thread_, timers_, interval, name, std::move(job)));
}

}  // namespace localcloud
