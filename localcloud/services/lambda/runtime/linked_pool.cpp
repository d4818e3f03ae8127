// An instance for each version of a function, as many events in it as there are. Timers look after deadlines and
// carry the lines away.

#include "localcloud/services/lambda/runtime/linked_pool.hpp"

#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

#include "localcloud/services/lambda/runtime/report.hpp"

namespace localcloud::lambda {

namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(20);
constexpr auto kAgeMax = std::chrono::hours(5);  // then it is started anew, as one is whose credentials expire

double milliseconds(Steady::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

struct Run;

// A started function.
//
// Unlike AWS: an instance takes as many events as there are at a time, so their lines lie between each other in its
// stream.
struct LinkedInstance {
  std::shared_ptr<const FunctionVersion> version;
  LogStream stream;
  std::shared_ptr<LinkedFunction> function;  // null where it refused to start
  LinkedError refusal = {};                  // why
  Steady::time_point started;

  std::mutex mutex = {};
  std::optional<double> init_ms = {};            // until a REPORT has said it
  std::list<std::shared_ptr<Run>> running = {};  // in the order in which they began, so of their deadlines
  std::vector<LogLine> lines = {};
};

// One event in work.
struct Run final : LinkedOutput {
  Run(std::shared_ptr<LinkedInstance> the_instance, const base::Clock& the_clock, InvokeRequest request)
      : instance(std::move(the_instance)), clock(the_clock), tail_wanted(request.tail) {
    const FunctionVersion& version = *instance->version;
    event = {.payload = std::move(request.payload),
             .request_id = std::move(request.request_id),
             .trace_id = std::move(request.trace_id),
             .deadline = clock.now() + version.timeout};
    began = Steady::now();
    deadline = began + version.timeout;
  }

  void write(std::string line) override { log(std::move(line += '\n')); }
  void log(std::string message) {
    const std::lock_guard lock(instance->mutex);
    if (!is_over) append(std::move(message));  // a process that is over has been killed
  }
  // With the instance's mutex held.
  void append(std::string message) {
    if (tail_wanted == LogTail::wanted) add_to_tail(tail, message);
    instance->lines.push_back({clock.now(), std::move(message)});
  }

  const std::shared_ptr<LinkedInstance> instance;
  const base::Clock& clock;
  const LogTail tail_wanted;
  LinkedEvent event;
  Steady::time_point began, deadline;
  std::list<std::shared_ptr<Run>>::iterator place;  // in running; guarded by the instance's mutex, as the next two
  bool is_over = false;
  std::string tail;

  // Whoever waits for the answer.
  enum class Wait { not_yet, waiting, answered };
  std::atomic<Wait> wait = Wait::not_yet;
  std::coroutine_handle<> waiting;
  base::Executor* waiting_on = nullptr;
  Answer answer;
};

using RunPointer = std::shared_ptr<Run>;

std::string key_of(const FunctionVersion& version) {
  return version.arn + '\n' + version.revision;
}

}  // namespace

class LinkedPool::State : public std::enable_shared_from_this<LinkedPool::State> {
 public:
  State(LinkedCode& code, base::Timers& timers, base::Ids& ids, LogSink& logs, Usage& usage)
      : code(code), timers(timers), ids(ids), logs(logs), usage(usage) {}

  // Nothing where localcloud can't start it; `reason` says why.
  std::shared_ptr<LinkedInstance> instance_of(const std::shared_ptr<const FunctionVersion>& version,
                                              std::string& reason);
  RunPointer begin(std::shared_ptr<LinkedInstance> instance, InvokeRequest request);
  static Task<void> work(std::shared_ptr<State> self, RunPointer run);
  void finish(Run& run, Answer::Outcome outcome, json::Document payload, std::string_view status,
              std::string_view error_type);
  void fail(Run& run, const Failure& failure);
  void retire(const std::string& function_arn);
  void stop();

  LinkedCode& code;
  base::Timers& timers;
  base::Ids& ids;
  LogSink& logs;
  Usage& usage;

 private:
  void keep_ticking();
  void tick();
  void flush(LinkedInstance& instance);
  static RunPointer first_of(LinkedInstance& instance);

  std::mutex mutex;
  std::unordered_map<std::string, std::shared_ptr<LinkedInstance>> standing;  // by function and revision
  std::vector<std::shared_ptr<LinkedInstance>> active;                        // that run something or have lines
  bool ticking = false;
  bool stopping = false;
};

std::shared_ptr<LinkedInstance> LinkedPool::State::instance_of(const std::shared_ptr<const FunctionVersion>& version,
                                                               std::string& reason) {
  const std::string key = key_of(*version);
  const std::lock_guard lock(mutex);
  if (stopping) {
    reason = "localcloud is stopping";
    return nullptr;
  }
  const auto now = Steady::now();
  const auto found = standing.find(key);
  if (found != standing.end() && now - found->second->started < kAgeMax) return found->second;
  Result<LinkedCode::Started> started = code.start(*version);
  if (!started) {
    reason = started.error().message;
    return nullptr;
  }
  auto instance = std::shared_ptr<LinkedInstance>(
      new LinkedInstance{.version = version,
                         .stream = {.account = version->account,
                                    .region = version->region,
                                    .group = version->log_group,
                                    .name = stream_name(timers.clock().now(), ids.hex(32)),
                                    .role_arn = version->role_arn},
                         .function = *started ? **started : nullptr,
                         .started = now});
  if (!*started) {
    instance->refusal = std::move(started->error());
    return instance;  // the next event tries again
  }
  instance->init_ms = milliseconds(Steady::now() - now);
  std::erase_if(standing, [&](const auto& other) { return other.second->version->arn == version->arn; });
  standing.emplace(key, instance);
  return instance;
}

RunPointer LinkedPool::State::begin(std::shared_ptr<LinkedInstance> instance, InvokeRequest request) {
  auto run = std::make_shared<Run>(std::move(instance), timers.clock(), std::move(request));
  run->log(start_line(run->event.request_id));
  bool was_idle = false;
  {
    const std::lock_guard lock(run->instance->mutex);
    was_idle = run->instance->running.empty();
    run->place = run->instance->running.insert(run->instance->running.end(), run);
  }
  if (was_idle) {
    const std::lock_guard lock(mutex);
    if (std::ranges::find(active, run->instance) == active.end()) active.push_back(run->instance);
    keep_ticking();
  }
  return run;
}

Task<void> LinkedPool::State::work(std::shared_ptr<State> self, RunPointer run) {
  const std::shared_ptr<LinkedFunction> function = run->instance->function;
  if (!function) {
    self->finish(*run, Answer::Outcome::function_error, run->instance->refusal.payload, "error", "Runtime.Unknown");
    co_return;
  }
  std::optional<LinkedFunction::Handled> outcome;
  try {
    outcome = co_await function->handle(run->event, *run);
  } catch (const std::exception&) {
    outcome = std::nullopt;
  }
  if (!outcome) {
    self->fail(*run, exited(""));
  } else if (!*outcome) {
    const LinkedError& error = outcome->error();
    const std::string_view type = error.type.empty() ? "Runtime.UnknownReason" : std::string_view(error.type);
    self->finish(*run, Answer::Outcome::function_error, error.payload, "error", type);
  } else if ((*outcome)->size() > kResponseBytesMax) {
    self->fail(*run, response_too_large(kResponseBytesMax));
  } else {
    self->finish(*run, Answer::Outcome::succeeded, *std::move(*outcome), "", "");
  }
}

// The first who says so ends it: the function, its deadline, or the end of localcloud.
void LinkedPool::State::finish(Run& run, Answer::Outcome outcome, json::Document payload, std::string_view status,
                               std::string_view error_type) {
  LinkedInstance& instance = *run.instance;
  const double duration_ms = milliseconds(Steady::now() - run.began);
  Report report{.request_id = run.event.request_id,
                .duration_ms = duration_ms,
                .memory_mb = instance.version->memory_mb,
                .status = std::string(status),
                .error_type = std::string(error_type)};
  RunPointer kept;
  {
    const std::lock_guard lock(instance.mutex);
    if (std::exchange(run.is_over, true)) return;
    report.init_ms = std::exchange(instance.init_ms, std::nullopt);
    run.append(end_line(report.request_id));
    run.append(report_line(report));
    kept = std::move(*run.place);
    instance.running.erase(run.place);
  }
  usage.answered(*instance.version);
  usage.finished(instance.version, duration_ms, outcome);
  run.answer = {.outcome = outcome, .payload = std::move(payload), .log_tail = {}, .reason = {}};
  if (run.tail_wanted == LogTail::wanted) run.answer.log_tail = tail_of(run.tail);
  if (run.wait.exchange(Run::Wait::answered) != Run::Wait::waiting) return;
  if (run.waiting_on && run.waiting_on != base::Executor::current()) {
    run.waiting_on->post([waiting = run.waiting] { waiting.resume(); });
  } else {
    run.waiting.resume();
  }
}

void LinkedPool::State::fail(Run& run, const Failure& failure) {
  run.log("RequestId: " + run.event.request_id + " Error: " + failure.message + "\n");
  finish(run, Answer::Outcome::function_error, error_payload(failure, run.event.request_id), "error", failure.type);
}

void LinkedPool::State::retire(const std::string& function_arn) {
  const std::lock_guard lock(mutex);
  std::erase_if(standing, [&](const auto& other) { return other.second->version->arn == function_arn; });
}

// ---- by the clock

// With the mutex held.
void LinkedPool::State::keep_ticking() {
  if (std::exchange(ticking, true)) return;
  timers.at(timers.clock().now() + kTick, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->tick();
  });
}

void LinkedPool::State::tick() {
  std::vector<std::shared_ptr<LinkedInstance>> instances;
  {
    const std::lock_guard lock(mutex);
    ticking = false;
    std::erase_if(active, [](const auto& instance) {
      const std::lock_guard lock(instance->mutex);
      return instance->running.empty() && instance->lines.empty();
    });
    instances = active;
    if (!active.empty()) keep_ticking();
  }
  const auto now = Steady::now();
  for (const auto& instance : instances) {
    for (RunPointer run = first_of(*instance); run && run->deadline <= now; run = first_of(*instance)) {
      const base::Duration timeout = instance->version->timeout;
      run->log(timeout_line(timers.clock().now(), run->event.request_id, timeout));
      finish(*run, Answer::Outcome::function_error, error_payload(timed_out(timeout), run->event.request_id), "timeout",
             "");
    }
    flush(*instance);
  }
}

RunPointer LinkedPool::State::first_of(LinkedInstance& instance) {
  const std::lock_guard lock(instance.mutex);
  return instance.running.empty() ? nullptr : instance.running.front();
}

void LinkedPool::State::flush(LinkedInstance& instance) {
  std::vector<LogLine> lines;
  {
    const std::lock_guard lock(instance.mutex);
    lines = std::exchange(instance.lines, {});
  }
  if (!lines.empty()) logs.write(instance.stream, std::move(lines));
}

void LinkedPool::State::stop() {
  std::vector<std::shared_ptr<LinkedInstance>> instances;
  {
    const std::lock_guard lock(mutex);
    stopping = true;
    instances = active;
  }
  for (const auto& instance : instances) {
    while (const RunPointer run = first_of(*instance)) fail(*run, exited("signal: killed"));
    flush(*instance);
  }
}

LinkedPool::LinkedPool(LinkedCode& code, base::Timers& timers, base::Ids& ids, LogSink& logs, Usage& usage)
    : state_(std::make_shared<State>(code, timers, ids, logs, usage)) {}

LinkedPool::~LinkedPool() {
  state_->stop();
}

bool LinkedPool::has(const FunctionVersion& version) const {
  return state_->code.has(version);
}

void LinkedPool::retire(const std::string& function_arn) {
  state_->retire(function_arn);
}

namespace {

// Begins the event's work and continues with its answer.
template <class State>
struct RunAwaiter {
  std::shared_ptr<State> state;
  RunPointer run;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiting) {
    const RunPointer mine = run;  // once it waits, it may go on, and this be gone, at any moment
    mine->waiting = waiting;
    mine->waiting_on = base::Executor::current();
    base::spawn(State::work(state, mine));
    Run::Wait not_yet = Run::Wait::not_yet;
    return mine->wait.compare_exchange_strong(not_yet, Run::Wait::waiting);
  }
  Answer await_resume() { return std::move(run->answer); }
};

}  // namespace

Task<Answer> LinkedPool::invoke(std::shared_ptr<const FunctionVersion> version, InvokeRequest request) {
  Answer answer;
  if (const auto throttled = state_->usage.admit(version, request.reserved_concurrency)) {
    answer.outcome = *throttled;
    co_return answer;
  }
  std::shared_ptr<LinkedInstance> instance = state_->instance_of(version, answer.reason);
  if (!instance) {
    state_->usage.answered(*version);
    answer.outcome = Answer::Outcome::failed;
    co_return answer;
  }
  RunAwaiter<State> awaiter{state_, state_->begin(std::move(instance), std::move(request))};
  answer = co_await awaiter;
  co_return answer;
}

}  // namespace localcloud::lambda
