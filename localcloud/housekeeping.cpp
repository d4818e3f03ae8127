#include "localcloud/housekeeping.hpp"

#include <future>

#include "base/log.hpp"

namespace localcloud {

namespace {

Task<void> repeat(JobsInHand& jobs, base::Executor& thread, base::Timers& timers, base::Duration interval,
                  const char* name, std::function<Task<void>()> job) {
  co_await base::resume_on(thread);
  for (;;) {
    co_await base::sleep_until(timers, timers.clock().now() + interval);
    if (!jobs.begin()) co_return;
    try {
      co_await job();
    } catch (const std::exception& error) {
      base::log(base::LogLevel::error, "housekeeping failed", {{"job", name}, {"reason", error.what()}});
    }
    jobs.end();
  }
}

Task<void> run_plain(std::function<void()> job) {
  job();
  co_return;
}

}  // namespace

Housekeeping::~Housekeeping() {
  jobs_.finish();
  // What ended the last job sets its next time before it is done; only then may the timers go.
  std::promise<void> done;
  thread_.post([&done] { done.set_value(); });
  done.get_future().wait();
}

bool JobsInHand::begin() {
  const std::lock_guard lock(mutex_);
  if (is_finishing_) return false;
  ++count_;
  return true;
}

void JobsInHand::end() {
  const std::lock_guard lock(mutex_);
  --count_;
  changed_.notify_all();
}

void JobsInHand::finish() {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  changed_.wait(lock, [this] { return count_ == 0; });
}

void Housekeeping::every(base::Duration interval, const char* name, std::function<void()> job) {
  std::function<Task<void>()> task = [job = std::move(job)] { return run_plain(job); };
  base::spawn(repeat(jobs_, thread_, timers_, interval, name, std::move(task)));
}

void Housekeeping::every(base::Duration interval, const char* name, std::function<Task<void>()> job) {
  base::spawn(repeat(jobs_, thread_, timers_, interval, name, std::move(job)));
}

}  // namespace localcloud
