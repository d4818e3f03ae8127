// The thread that writes recorded values.

#include "localcloud/services/metrics/recorder.hpp"

#include <condition_variable>
#include <thread>

#include "base/log.hpp"

namespace localcloud::metrics {

struct Recorder::State {
  storage::Store& store;
  const base::Clock& clock;
  Options options;

  std::mutex mutex;
  std::condition_variable changed;
  Increments waiting;
  std::uint64_t dropped = 0;
  std::uint64_t asked = 0;    // flushes asked for
  std::uint64_t flushed = 0;  // of them, those done
  bool ending = false;
  std::thread thread;

  void run();
  void write(const Increments& increments);
};

void Recorder::State::run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait_for(lock, options.every, [this] { return ending || asked > flushed; });
    const Increments increments = std::exchange(waiting, {});
    const std::uint64_t lost = std::exchange(dropped, 0);
    const std::uint64_t answered = asked;
    const bool last = ending;
    lock.unlock();
    if (lost > 0) base::log(base::LogLevel::warning, "metric values dropped", {{"values", std::to_string(lost)}});
    if (!increments.empty()) write(increments);
    lock.lock();
    flushed = answered;
    changed.notify_all();
    if (last) return;
  }
}

void Recorder::State::write(const Increments& increments) {
  try {
    (void)store.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
      increments.apply(transaction, clock.now());
      return Done{};
    });
  } catch (const std::exception& failure) {
    // Nobody waits for these values: all that can be done is to say that they are lost.
    base::log(base::LogLevel::error, "metric values lost: the store failed", {{"reason", failure.what()}});
  }
}

Recorder::Recorder(storage::Store& store, const base::Clock& clock) : Recorder(store, clock, Options()) {}

Recorder::Recorder(storage::Store& store, const base::Clock& clock, Options options)
    : state_(new State{store, clock, options}) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->changed.notify_all();
  state_->thread.join();
}

void Recorder::record(const Place& place, const Metric& metric, double value, Unit unit) {
  Aggregate aggregate;
  aggregate.add(value);
  const std::int64_t start_s = start_of_point_s(state_->clock.now(), 60);
  const std::lock_guard lock(state_->mutex);
  if (state_->waiting.size() >= state_->options.points_max) {
    ++state_->dropped;
  } else {
    state_->waiting.add(place, metric, unit, start_s, aggregate);
  }
}

void Recorder::flush() {
  std::unique_lock lock(state_->mutex);
  const std::uint64_t mine = ++state_->asked;
  state_->changed.notify_all();
  state_->changed.wait(lock, [&] { return state_->flushed >= mine; });
}

}  // namespace localcloud::metrics
