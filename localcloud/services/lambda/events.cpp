// All of it on one worker of its own; timers only post to it.

#include "localcloud/services/lambda/events.hpp"

#include <condition_variable>
#include <deque>

#include "base/log.hpp"
#include "localcloud/services/lambda/errors.hpp"

namespace localcloud::lambda {

namespace {

constexpr int kActiveMax = 64;  // more wait in memory, by their ids only
constexpr int kAttemptsMax = 3;
constexpr auto kAgeMax = std::chrono::hours(6);
constexpr auto kBackoffMax = std::chrono::minutes(5);

base::Duration backoff(int throttles) {
  const base::Duration doubled = std::chrono::seconds(1LL << std::min(throttles, 10));
  return std::min<base::Duration>(doubled, kBackoffMax);
}

}  // namespace

struct Events::State : std::enable_shared_from_this<Events::State> {
  State(storage::Store& store, base::Timers& timers, Functions& functions, Pool& pool, EventsMax max)
      : store(store), timers(timers), functions(functions), pool(pool), max(max) {}

  storage::Store& store;
  base::Timers& timers;
  Functions& functions;
  Pool& pool;
  const EventsMax max;
  std::deque<std::string> ready;  // due, but too many are active
  int active = 0;
  std::mutex mutex;
  std::size_t waiting_count = 0, waiting_bytes = 0;  // accepted and not worked off; guarded by mutex
  std::condition_variable changed;
  bool stopping = false;  // guarded by mutex
  bool finished = false;  // guarded by mutex
  std::unique_ptr<base::ThreadExecutor> worker = std::make_unique<base::ThreadExecutor>();

  bool is_stopping() {
    std::lock_guard lock(mutex);
    return stopping;
  }
  bool is_full();
  void count_in(const EventRecord& event);
  void count_out(const EventRecord& event);
  void begin_when_due(const std::string& id, base::Time due);
  void begin();
  void end_one();
  Task<void> run(std::string id);
  Task<bool> settle(EventRecord event, Answer answer);
};

bool Events::State::is_full() {
  const std::lock_guard lock(mutex);
  return waiting_count >= max.count || waiting_bytes >= max.bytes;
}

void Events::State::count_in(const EventRecord& event) {
  const std::lock_guard lock(mutex);
  ++waiting_count;
  waiting_bytes += event.payload.size();
}

void Events::State::count_out(const EventRecord& event) {
  const std::lock_guard lock(mutex);
  --waiting_count;
  waiting_bytes -= event.payload.size();
}

void Events::State::begin_when_due(const std::string& id, base::Time due) {
  const auto begin_now = [state = weak_from_this(), id] {
    const auto self = state.lock();
    if (!self) return;
    std::lock_guard lock(self->mutex);
    if (self->stopping) return;
    self->worker->post([self = self.get(), id] {
      self->ready.push_back(id);
      self->begin();
    });
  };
  if (due <= timers.clock().now()) {
    begin_now();
  } else {
    timers.at(due, begin_now);
  }
}

void Events::State::begin() {
  while (active < kActiveMax && !ready.empty() && !is_stopping()) {
    std::string id = std::move(ready.front());
    ready.pop_front();
    ++active;
    base::spawn(run(std::move(id)));
  }
}

void Events::State::end_one() {
  --active;
  begin();
  std::lock_guard lock(mutex);
  if (!stopping || active > 0) return;
  finished = true;
  changed.notify_all();
}

// One attempt. The record stays until the attempt is settled, so a crash means another attempt.
Task<void> Events::State::run(std::string id) {
  try {
    std::optional<EventRecord> event = find_event(*store.snapshot(), id);
    if (event) {
      Answer answer{.outcome = Answer::Outcome::failed};
      const std::shared_ptr<const Function> function = functions.find(event->function);
      if (function) {
        InvokeRequest request{.payload = event->payload, .request_id = event->request_id, .trace_id = event->trace_id};
        request.reserved_concurrency = function->record.reserved_concurrency.value_or(-1);
        answer = co_await pool.invoke(function->version, std::move(request));
      }
      // What was cut short because we stop is no failure of the function.
      if (!is_stopping()) {
        const bool again = co_await settle(*std::move(event), std::move(answer));
        if (again) event = find_event(*store.snapshot(), id);
        if (again && event) begin_when_due(id, event->due);
      }
    }
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, "an asynchronous invocation could not be worked off", {{"reason", error.what()}});
    begin_when_due(id, timers.clock().now() + std::chrono::minutes(1));
  }
  end_one();
}

// Erases the event, or writes when it is tried again: true then.
Task<bool> Events::State::settle(EventRecord event, Answer answer) {
  const base::Time now = timers.clock().now();
  const bool gone = functions.find(event.function) == nullptr;
  bool over = gone || answer.outcome == Answer::Outcome::succeeded;
  if (!over && answer.outcome == Answer::Outcome::function_error) {
    ++event.failures;
    event.throttles = 0;
    event.due = now + std::chrono::minutes(event.failures);
    over = event.failures >= kAttemptsMax || event.due > event.accepted + kAgeMax;
  } else if (!over) {
    event.due = now + backoff(event.throttles++);
    over = event.due > event.accepted + kAgeMax;
  }
  if (over && !gone && answer.outcome != Answer::Outcome::succeeded) {
    base::log(base::LogLevel::warning, "an asynchronous invocation is given up",
              {{"function", event.function.arn()}, {"request_id", event.request_id}});
  }
  storage::WriteFunction<Done> write = [&event, over](storage::Transaction& transaction) -> Result<Done> {
    if (over) {
      erase_event(transaction, event.id);
    } else {
      write_event(transaction, event);
    }
    return Done{};
  };
  const Result<Done> written = co_await store.write<Done>(std::move(write));
  if (over) count_out(event);
  co_return !over && written.has_value();
}

Events::Events(storage::Store& store, base::Timers& timers, Functions& functions, Pool& pool, EventsMax max)
    : state_(std::make_shared<State>(store, timers, functions, pool, max)) {}

void Events::stop() {
  std::lock_guard lock(state_->mutex);
  state_->stopping = true;
}

Events::~Events() {
  stop();
  state_->worker->post([state = state_.get()] {
    if (state->active > 0) return;
    std::lock_guard lock(state->mutex);
    state->finished = true;
    state->changed.notify_all();
  });
  {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait_for(lock, std::chrono::seconds(10), [&] { return state_->finished; });
  }
  state_->worker.reset();
}

void Events::resume() {
  every_event(*state_->store.snapshot(), [&](const EventRecord& event) {
    state_->count_in(event);
    state_->begin_when_due(event.id, event.due);
  });
}

Task<Result<Done>> Events::accept(EventRecord event) {
  const std::shared_ptr<State> state = state_;
  // Those that are being stored aren't counted yet: they are as many as requests in hand, at most.
  if (state->is_full()) co_return failure(too_many_events());
  storage::WriteFunction<Done> write = [&event](storage::Transaction& transaction) -> Result<Done> {
    write_event(transaction, event);
    return Done{};
  };
  Result<Done> written = co_await state->store.write<Done>(std::move(write));
  if (!written) co_return written;
  state->count_in(event);
  state->begin_when_due(event.id, event.due);
  co_return written;
}

}  // namespace localcloud::lambda
