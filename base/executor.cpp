#include "base/executor.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace base {

Executor*& Executor::current() {
  thread_local Executor* executor = nullptr;
  return executor;
}

struct ThreadExecutor::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Work> queue;
  bool stopping = false;
  std::thread thread;
};

ThreadExecutor::ThreadExecutor() : state_(std::make_unique<State>()) {
  state_->thread = std::thread([this, state = state_.get()] {
    current() = this;
    std::unique_lock lock(state->mutex);
    for (;;) {
      state->changed.wait(lock, [&] { return state->stopping || !state->queue.empty(); });
      if (state->queue.empty()) return;
      Work work = std::move(state->queue.front());
      state->queue.pop_front();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
  });
}

ThreadExecutor::~ThreadExecutor() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_one();
  state_->thread.join();
}

void ThreadExecutor::post(Work work) {
  // Notified with the mutex held: the work may let go of the executor as soon as it can run.
  std::lock_guard lock(state_->mutex);
  state_->queue.push_back(std::move(work));
  state_->changed.notify_one();
}

struct ThreadTimers::State {
  const Clock& clock;
  std::mutex mutex;
  std::condition_variable changed;
  std::multimap<Time, Work> pending;
  bool stopping = false;
  std::thread thread;
};

ThreadTimers::ThreadTimers(const Clock& clock) : state_(new State{.clock = clock}) {
  state_->thread = std::thread([state = state_.get()] {
    std::unique_lock lock(state->mutex);
    while (!state->stopping) {
      if (state->pending.empty()) {
        state->changed.wait(lock);
        continue;
      }
      const Time first = state->pending.begin()->first;
      const Time now = state->clock.now();
      if (first > now) {
        state->changed.wait_for(lock, first - now);
        continue;
      }
      Work work = std::move(state->pending.begin()->second);
      state->pending.erase(state->pending.begin());
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
  });
}

ThreadTimers::~ThreadTimers() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_one();
  state_->thread.join();
}

const Clock& ThreadTimers::clock() const {
  return state_->clock;
}

void ThreadTimers::at(Time when, Work work) {
  std::lock_guard lock(state_->mutex);
  const bool is_first = state_->pending.empty() || when < state_->pending.begin()->first;
  state_->pending.emplace(when, std::move(work));
  // The thread sleeps until the first one's time: whatever comes later needs no waking.
  if (is_first) state_->changed.notify_one();
}

struct ManualTimers::State {
  ManualClock& clock;
  std::mutex mutex;
  std::multimap<Time, Work> pending;
};

ManualTimers::ManualTimers(ManualClock& clock) : state_(new State{.clock = clock}) {}
ManualTimers::~ManualTimers() = default;
const Clock& ManualTimers::clock() const {
  return state_->clock;
}

void ManualTimers::at(Time when, Work work) {
  std::lock_guard lock(state_->mutex);
  state_->pending.emplace(when, std::move(work));
}

void ManualTimers::advance(Duration by) {
  const Time end = state_->clock.now() + by;
  for (;;) {
    Work work;
    {
      std::lock_guard lock(state_->mutex);
      if (state_->pending.empty() || state_->pending.begin()->first > end) break;
      state_->clock.set(std::max(state_->clock.now(), state_->pending.begin()->first));
      work = std::move(state_->pending.begin()->second);
      state_->pending.erase(state_->pending.begin());
    }
    work();
  }
  state_->clock.set(end);
}

}  // namespace base
