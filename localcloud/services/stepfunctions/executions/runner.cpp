// The life of running executions.

#include "localcloud/services/stepfunctions/executions/runner.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>

#include "base/check.hpp"
#include "base/log.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/held_bytes.hpp"
#include "localcloud/services/stepfunctions/executions/observer.hpp"
#include "localcloud/services/stepfunctions/executions/task_call.hpp"
#include "localcloud/services/stepfunctions/executions/wake_ups.hpp"

namespace localcloud::stepfunctions {
namespace {

// Unlike AWS: an Express execution's events are limited, because a loop without end would hold a worker.
constexpr std::int64_t kExpressEventsMax = 250'000;
constexpr std::chrono::minutes kExpressLifetime{5};
constexpr std::chrono::milliseconds kRetryWrite{200};
// What a running execution takes beside its texts and values: its names, its queues, its timers.
constexpr std::size_t kExecutionBytes = 2 << 10;

}  // namespace

// One running execution. Its machine is touched by one drive at a time: whoever finds it idle drives it.
struct Running {
  enum class Durability { journaled, behind, none };  // Standard, Express, synchronous

  Execution execution;
  std::unique_ptr<asl::Machine> machine;
  Place place;
  Durability durability = Durability::journaled;
  std::uint64_t deliveries = 0;                       // in the journal
  std::map<std::uint64_t, WakeUps::Ticket> wake_ups;  // by command

  std::mutex mutex;  // of what follows
  std::deque<asl::Delivery> inbox;
  bool is_driven = true;  // by whoever takes it up
  bool has_ended = false;
  std::vector<base::Work> waiting;  // for the end

  Running(Execution execution, std::unique_ptr<asl::Machine> machine, Place place)
      : execution(std::move(execution)), machine(std::move(machine)), place(std::move(place)) {}

  Durability durability_of_its_type() const {
    return execution.id.is_express() ? Durability::behind : Durability::journaled;
  }
  // Its place is as large as what it holds now.
  void measure() { place.resize(kExecutionBytes + asl::heap_bytes(execution.input) + machine->held_bytes()); }
};

const Execution& execution_of(const Running& one) {
  return one.execution;
}

struct Runner::State : std::enable_shared_from_this<State> {
  storage::Store& store;
  base::Timers& timers;
  WakeUps wake_ups;
  base::Ids& ids;
  base::Executor& workers;
  Integrations& integrations;
  LambdaInvoker& functions;
  Observer observer;
  Definitions definitions;
  Places places;

  mutable std::mutex mutex;                                 // of what follows
  std::unordered_map<std::string, RunningPointer> running;  // by ARN
  bool is_stopping = false;

  State(storage::Store& store, base::Timers& timers, base::Ids& ids, base::Executor& workers,
        Integrations& integrations, LambdaInvoker& functions, LogWriter& logs, MetricWriter& metrics, PlacesMax places)
      : store(store),
        timers(timers),
        wake_ups(timers),
        ids(ids),
        workers(workers),
        integrations(integrations),
        functions(functions),
        observer(logs, metrics),
        places(places) {}

  base::Time now() const { return timers.clock().now(); }
  bool stopping() const {
    const std::lock_guard lock(mutex);
    return is_stopping;
  }

  RunningPointer take_on(Execution execution, asl::Definition definition);
  void add(const RunningPointer& one, Running::Durability durability);
  void begin(const RunningPointer& one);
  void carry_out(const RunningPointer& one, std::vector<asl::Command> commands);
  void deliver(const RunningPointer& one, asl::Delivery delivery);
  void forget_wake_ups(Running& one);
  void take_end(Running& one);
  void finish(const RunningPointer& one);

  static Task<void> go_on(std::shared_ptr<State> self, RunningPointer one, std::vector<asl::Command> commands);
  static Task<void> drive(std::shared_ptr<State> self, RunningPointer one);
  static Task<void> run_task(std::shared_ptr<State> self, RunningPointer one, asl::Command command);
  static Task<void> write(std::shared_ptr<State> self, RunningPointer one, std::optional<asl::Delivery> delivery,
                          std::uint64_t number, bool ends);
};

asl::Facts facts_of(const Execution& execution) {
  asl::Facts facts;
  facts.execution_arn = execution.id.arn();
  facts.execution_name = execution.id.name;
  facts.role_arn = execution.role_arn;
  facts.state_machine_arn = execution.id.machine.arn();
  facts.state_machine_name = execution.id.machine.name;
  facts.region = execution.id.machine.region;
  facts.started_at = execution.started;
  auto input = json::parse(execution.input);
  CHECK(input.has_value());
  facts.input = std::move(*input);
  facts.input_text = execution.input;
  facts.seed = execution.seed;
  if (execution.id.is_express()) {
    facts.events_max = kExpressEventsMax;
    facts.lifetime_max = kExpressLifetime;
  }
  return facts;
}

RunningPointer Runner::State::take_on(Execution execution, asl::Definition definition) {
  const std::string& level = execution.logging.level;
  const asl::Recording recording = level == "OFF"   ? asl::Recording::counts
                                   : level == "ALL" ? asl::Recording::events
                                                    : asl::Recording::failures;
  auto machine = std::make_unique<asl::Machine>(std::move(definition), facts_of(execution), recording);
  auto one = std::make_shared<Running>(std::move(execution), std::move(machine), places.take());
  one->measure();
  return one;
}

void Runner::State::add(const RunningPointer& one, Running::Durability durability) {
  one->durability = durability;
  const std::lock_guard lock(mutex);
  running.emplace(one->execution.id.arn(), one);
}

void Runner::State::begin(const RunningPointer& one) {
  one->machine->start();
  one->measure();
  observer.started(one->execution);
  observer.saw(one->execution, one->machine->take_events());
  base::spawn(go_on(shared_from_this(), one, one->machine->take_commands()));
}

// Does what the machine wants, then drives it; or, where it has ended already, writes that.
Task<void> Runner::State::go_on(std::shared_ptr<State> self, RunningPointer one, std::vector<asl::Command> commands) {
  if (one->machine->status() == asl::Status::running) {
    self->carry_out(one, std::move(commands));
    co_await drive(self, one);
    co_return;
  }
  self->take_end(*one);
  co_await write(self, one, std::nullopt, 0, true);
  self->finish(one);
}

void Runner::State::carry_out(const RunningPointer& one, std::vector<asl::Command> commands) {
  for (asl::Command& command : commands) {
    if (command.kind == asl::Command::Kind::task) {
      base::spawn(run_task(shared_from_this(), one, std::move(command)));
      continue;
    }
    const auto wake = [weak = weak_from_this(), one, id = command.id] {
      const std::shared_ptr<State> self = weak.lock();
      if (!self) return;
      self->workers.post([self, one, id] {
        asl::Delivery delivery;
        delivery.command = id;
        self->deliver(one, std::move(delivery));
      });
    };
    one->wake_ups.emplace(command.id, wake_ups.set(command.due, wake));
  }
}

// Takes back the wake-ups that the machine doesn't wait for any more.
void Runner::State::forget_wake_ups(Running& one) {
  std::erase_if(one.wake_ups, [&](const auto& each) {
    if (one.machine->awaits(each.first)) return false;
    wake_ups.cancel(each.second);
    return true;
  });
}

Task<void> Runner::State::run_task(std::shared_ptr<State> self, RunningPointer one, asl::Command command) {
  const std::uint64_t id = command.id;
  asl::Delivery delivery = co_await call_task(std::move(command), one->execution.id.machine, self->ids.uuid(),
                                              self->integrations, self->functions);
  delivery.command = id;
  self->deliver(one, std::move(delivery));
}

void Runner::State::deliver(const RunningPointer& one, asl::Delivery delivery) {
  if (stopping()) return;
  {
    const std::lock_guard lock(one->mutex);
    if (one->has_ended) return;
    one->inbox.push_back(std::move(delivery));
    if (one->is_driven) return;
    one->is_driven = true;
  }
  base::spawn(drive(shared_from_this(), one));
}

// Delivers what is in the inbox until it is empty or the execution has ended.
Task<void> Runner::State::drive(std::shared_ptr<State> self, RunningPointer one) {
  while (true) {
    asl::Delivery delivery;
    {
      const std::lock_guard lock(one->mutex);
      if (one->inbox.empty()) {
        one->is_driven = false;
        co_return;
      }
      delivery = std::move(one->inbox.front());
      one->inbox.pop_front();
    }
    if (delivery.kind != asl::Delivery::Kind::stop && !one->machine->awaits(delivery.command)) continue;
    delivery.time = std::max(self->now(), one->machine->ended_at());
    std::optional<asl::Delivery> journaled;
    if (one->durability != Running::Durability::none) journaled = delivery;
    one->machine->deliver(std::move(delivery));
    one->measure();
    self->forget_wake_ups(*one);
    const bool has_ended = one->machine->status() != asl::Status::running;
    if (has_ended) self->take_end(*one);
    const std::uint64_t number = one->deliveries;
    if (one->durability == Running::Durability::journaled) {
      ++one->deliveries;
      co_await write(self, one, std::move(journaled), number, has_ended);
    } else if (one->durability == Running::Durability::behind) {
      if (!has_ended) ++one->deliveries;
      // The lane takes writes in the order they are queued, so the journal never has a gap.
      base::spawn(write(self, one, has_ended ? std::nullopt : std::move(journaled), number, has_ended));
    }
    if (self->stopping()) co_return;
    self->observer.saw(one->execution, one->machine->take_events());
    if (has_ended) {
      self->finish(one);
      co_return;
    }
    self->carry_out(one, one->machine->take_commands());
  }
}

// Writes a delivery, the end, or both. A store that can't write now is asked again until it can.
Task<void> Runner::State::write(std::shared_ptr<State> self, RunningPointer one, std::optional<asl::Delivery> delivery,
                                std::uint64_t number, bool ends) {
  if (one->durability == Running::Durability::none) co_return;
  while (!self->stopping()) {
    bool is_written = false;
    try {
      storage::WriteFunction<Done> change = [&](storage::Transaction& transaction) -> Result<Done> {
        if (delivery) put_delivery(transaction, one->execution.id, number, *delivery);
        if (ends) put_ended(transaction, one->execution, one->deliveries);
        return Done{};
      };
      const Result<Done> done = co_await self->store.write<Done>(std::move(change));
      is_written = done.has_value();
    } catch (const storage::StorageFailure& failure) {
      base::log(base::LogLevel::error, "an execution's progress could not be written",
                {{"execution", one->execution.id.arn()}, {"error", failure.what()}});
    }
    if (is_written) co_return;
    co_await base::sleep_until(self->timers, self->now() + kRetryWrite);
  }
}

// Moves the machine's end into the record.
void Runner::State::take_end(Running& one) {
  one.execution.status = one.machine->status();
  one.execution.stopped = one.machine->ended_at();
  if (one.execution.status == asl::Status::succeeded) one.execution.output = json::write(one.machine->output());
  one.execution.failure = one.machine->failure();
}

void Runner::State::finish(const RunningPointer& one) {
  observer.ended(one->execution);
  {
    const std::lock_guard lock(mutex);
    running.erase(one->execution.id.arn());
  }
  std::vector<base::Work> waiting;
  {
    const std::lock_guard lock(one->mutex);
    one->has_ended = true;
    one->inbox.clear();
    waiting = std::move(one->waiting);
  }
  for (base::Work& work : waiting) work();
}

namespace {

// co_await continues, on the executor that it was called on, once the execution has ended.
struct EndAwaiter {
  Running& one;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) const {
    base::Executor* const here = base::Executor::current();
    const std::lock_guard lock(one.mutex);
    if (one.has_ended) return false;
    one.waiting.emplace_back([handle, here] {
      if (here != nullptr) {
        here->post([handle] { handle.resume(); });
      } else {
        handle.resume();
      }
    });
    return true;
  }
  void await_resume() const noexcept {}
};

}  // namespace

Runner::Runner(storage::Store& store, base::Timers& timers, base::Ids& ids, base::Executor& workers,
               Integrations& integrations, LambdaInvoker& functions, LogWriter& logs, MetricWriter& metrics,
               PlacesMax places)
    : state_(std::make_shared<State>(store, timers, ids, workers, integrations, functions, logs, metrics, places)) {}

Runner::~Runner() {
  const std::lock_guard lock(state_->mutex);
  state_->is_stopping = true;
}

RunningPointer Runner::take_on(Execution execution, asl::Definition definition) {
  RunningPointer one = state_->take_on(std::move(execution), std::move(definition));
  return state_->places.suffice() ? std::move(one) : nullptr;
}

void Runner::start(RunningPointer one) {
  state_->add(one, one->durability_of_its_type());
  // Posted, so that the start is answered before the first state runs.
  base::Executor* const here = base::Executor::current();
  (here != nullptr ? *here : state_->workers).post([state = state_, one] { state->begin(one); });
}

Task<Execution> Runner::run_to_end(RunningPointer one) {
  state_->add(one, Running::Durability::none);
  state_->begin(one);
  EndAwaiter end{*one};
  co_await end;
  co_return one->execution;
}

Task<std::optional<Execution>> Runner::stop(ExecutionId id, asl::Failure why) {
  RunningPointer one;
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->running.find(id.arn());
    if (found != state_->running.end()) one = found->second;
  }
  if (!one) co_return std::nullopt;
  asl::Delivery delivery;
  delivery.kind = asl::Delivery::Kind::stop;
  delivery.failure = std::move(why);
  state_->deliver(one, std::move(delivery));
  EndAwaiter end{*one};
  co_await end;
  co_return one->execution;
}

// Unlike AWS: a task in flight when the process ended is run again, and Express executions go on at all.
void Runner::resume() {
  const std::unique_ptr<storage::Reader> reader = state_->store.snapshot();
  for (Execution& execution : read_running(*reader)) {
    const MachineId& machine = execution.id.machine;
    asl::Definition definition = state_->definitions.find(execution.revision);
    if (!definition) {
      const std::optional<std::string> text = find_definition(*reader, machine, execution.revision);
      CHECK(text.has_value());
      definition = state_->definitions.parse(execution.revision, *text);
    }
    std::vector<asl::Delivery> journal = read_journal(*reader, execution.id);
    RunningPointer one = state_->take_on(std::move(execution), std::move(definition));
    state_->add(one, one->durability_of_its_type());
    one->deliveries = journal.size();
    one->machine->start();
    std::vector<asl::Command> commands = one->machine->take_commands();
    for (asl::Delivery& delivery : journal) {
      one->machine->deliver(std::move(delivery));
      for (asl::Command& command : one->machine->take_commands()) commands.push_back(std::move(command));
    }
    one->machine->take_events();
    one->measure();
    // What was answered before isn't asked again; what wasn't is.
    std::erase_if(commands, [&](const asl::Command& command) { return !one->machine->awaits(command.id); });
    // An execution whose end wasn't durable yet, and which needs nothing else for it, ends at once.
    state_->workers.post([state = state_, one, commands = std::move(commands)]() mutable {
      base::spawn(State::go_on(state, one, std::move(commands)));
    });
  }
}

std::size_t Runner::running_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->running.size();
}

Integrations& Runner::integrations() const {
  return state_->integrations;
}
Definitions& Runner::definitions() const {
  return state_->definitions;
}

}  // namespace localcloud::stepfunctions
