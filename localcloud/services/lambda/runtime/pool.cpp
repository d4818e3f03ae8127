// All on one loop, without locks: events come in by post(), answers go out to the executors that wait for them.

#include "localcloud/services/lambda/runtime/pool.hpp"

#include <condition_variable>
#include <deque>
#include <thread>

#include "base/check.hpp"

namespace localcloud::lambda {

namespace {

constexpr auto kTick = std::chrono::milliseconds(10);
constexpr auto kReap = std::chrono::seconds(5);
constexpr auto kFlush = std::chrono::milliseconds(20);
constexpr auto kCredentialsLeftMin = std::chrono::minutes(16);  // longer than the longest timeout

constexpr auto kStopMax = std::chrono::seconds(10);

using Steady = Loop::Steady;
Steady steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

class Pool::State final : public InstanceWatcher {
 public:
  State(PoolSettings settings, const base::Clock& clock, base::Ids& ids, RoleCredentials& credentials, LogSink& logs,
        Usage& usage)
      : settings_(std::move(settings)),
        clock_(clock),
        ids_(ids),
        credentials_(credentials),
        logs_(logs),
        usage_(usage) {
    if (settings_.eager_instances_max == 0) {
      settings_.eager_instances_max = 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency())) + 2;
    }
    std::error_code ignored;
    std::filesystem::remove_all(settings_.temp_folder, ignored);
    std::filesystem::create_directories(settings_.temp_folder);
  }

  void stop();
  void submit(std::shared_ptr<const FunctionVersion> version, InvokeRequest request, std::function<void(Answer)> done);
  void retire(const std::string& function_arn);
  void set_endpoint_url(std::string url) { settings_.endpoint_url = std::move(url); }
  Loop& loop() { return loop_; }

  void became_idle(Instance& instance) override;
  void lost_idle(Instance& instance) override;
  void finished(Instance& instance, double duration_ms, Answer::Outcome outcome) override;
  void has_lines(Instance& instance) override;
  void ended(Instance& instance) override;

 private:
  struct Group {
    std::shared_ptr<const FunctionVersion> version;
    std::deque<std::unique_ptr<Job>> waiting;
    std::vector<std::shared_ptr<Instance>> instances;
    std::vector<Instance*> idle;  // the one used last is at the back
    int minting = 0;              // instances whose credentials were asked for
    bool retired = false;
    bool watched = false;  // a look at its queue is due

    // Those that will soon ask for an event: the first time, or again.
    int coming() const {
      const auto soon = [](const auto& instance) {
        return !instance->was_ready() || instance->state() == Instance::State::answered;
      };
      return minting + static_cast<int>(std::count_if(instances.begin(), instances.end(), soon));
    }
  };

  Group& group_of(const std::shared_ptr<const FunctionVersion>& version);
  Group& group_of(Instance& instance) { return *groups_.at(key_of(instance.version())); }
  static std::string key_of(const FunctionVersion& version) { return version.arn + '\n' + version.revision; }
  void retire_group(Group& group);
  void dispatch(Group& group);
  void start_one(Group& group);
  Task<void> start(std::shared_ptr<const FunctionVersion> version);
  void look_at_queue(Group& group);
  void drop_if_empty(const std::string& key);
  void keep_ticking();
  void tick();
  void reap();
  void flush_lines();
  void say_stopped();

  PoolSettings settings_;
  const base::Clock& clock_;
  base::Ids& ids_;
  RoleCredentials& credentials_;
  LogSink& logs_;
  Usage& usage_;
  std::map<std::string, std::shared_ptr<Group>> groups_;  // by function and revision
  std::set<Instance*> with_lines_;
  bool ticking_ = false, reaping_ = false, flushing_ = false, stopping_ = false;
  int minting_ = 0;
  std::mutex stop_mutex_;
  std::condition_variable stop_changed_;
  bool stopped_ = false;
  Loop loop_;  // last: it ends before what its work uses
};

// ---- events in, answers out

void Pool::State::submit(std::shared_ptr<const FunctionVersion> version, InvokeRequest request,
                         std::function<void(Answer)> done) {
  if (stopping_) return done({.outcome = Answer::Outcome::failed, .reason = "localcloud is stopping"});
  if (const auto throttled = usage_.admit(version, request.reserved_concurrency)) return done({.outcome = *throttled});
  auto job = std::make_unique<Job>();
  job->payload = std::move(request.payload).text();
  job->request_id = std::move(request.request_id);
  job->trace_id = std::move(request.trace_id);
  job->tail = request.tail;
  job->queued_at = steady_now();
  job->done = [this, version, done = std::move(done)](Answer answer) {
    usage_.answered(*version);
    done(std::move(answer));
  };
  Group& group = group_of(version);
  group.waiting.push_back(std::move(job));
  dispatch(group);
}

Pool::State::Group& Pool::State::group_of(const std::shared_ptr<const FunctionVersion>& version) {
  std::shared_ptr<Group>& group = groups_[key_of(*version)];
  if (!group) {
    group = std::make_shared<Group>();
    group->version = version;
  }
  return *group;
}

void Pool::State::dispatch(Group& group) {
  while (!group.waiting.empty() && !group.idle.empty()) {
    Instance& instance = *group.idle.back();
    group.idle.pop_back();
    if (instance.was_used() && instance.credentials_expire_at() < clock_.now() + kCredentialsLeftMin) {
      instance.stop();
      continue;
    }
    std::unique_ptr<Job> job = std::move(group.waiting.front());
    group.waiting.pop_front();
    instance.run(std::move(job));
    keep_ticking();
  }
  if (group.waiting.empty()) return;
  const int live = static_cast<int>(group.instances.size()) + group.minting;
  const int wanted = static_cast<int>(group.waiting.size()) - group.coming();
  const int more = std::min(wanted, settings_.eager_instances_max - live);
  for (int i = 0; i < more; ++i) start_one(group);
  if (!group.watched) look_at_queue(group);
}

// An event that has waited too long gets an instance of its own, whatever the eager limit.
void Pool::State::look_at_queue(Group& group) {
  group.watched = true;
  const std::string key = key_of(*group.version);
  loop_.at(steady_now() + settings_.patience / 2, [this, key] {
    const auto found = groups_.find(key);
    if (found == groups_.end() || stopping_) return;
    Group& group = *found->second;
    group.watched = false;
    if (group.waiting.empty()) return;
    if (group.waiting.front()->queued_at + settings_.patience <= steady_now() && group.coming() == 0) start_one(group);
    look_at_queue(group);
  });
}

// ---- instances

void Pool::State::start_one(Group& group) {
  ++group.minting;
  ++minting_;
  base::spawn(start(group.version));
}

Task<void> Pool::State::start(std::shared_ptr<const FunctionVersion> version) {
  Result<Credentials> credentials = failure({.code = "ServiceException", .message = "", .http_status = 500});
  try {
    credentials = co_await credentials_.mint(version->role_arn, version->name);
  } catch (const std::exception& error) {
    credentials = failure({.code = "ServiceException", .message = error.what(), .http_status = 500});
  }
  co_await base::resume_on(loop_);
  --minting_;
  if (stopping_) {
    say_stopped();
    co_return;
  }
  const auto found = groups_.find(key_of(*version));
  CHECK(found != groups_.end());
  const std::shared_ptr<Group> group = found->second;
  --group->minting;
  if (!credentials) {
    for (auto& job : std::exchange(group->waiting, {})) {
      job->done({.outcome = Answer::Outcome::failed, .reason = credentials.error().message});
    }
    drop_if_empty(key_of(*version));
    co_return;
  }
  auto instance = std::make_shared<Instance>(loop_, clock_, ids_, version, settings_.namespaces, *this);
  group->instances.push_back(instance);
  instance->start(*credentials, settings_.temp_folder / ids_.hex(16), settings_.endpoint_url);
  keep_ticking();
  if (!reaping_) reap();
}

void Pool::State::became_idle(Instance& instance) {
  Group& group = group_of(instance);
  if (group.retired && group.waiting.empty()) {
    loop_.post([this, key = key_of(instance.version())] {
      if (const auto found = groups_.find(key); found != groups_.end()) retire_group(*found->second);
    });
  }
  group.idle.push_back(&instance);
  dispatch(group);
}

void Pool::State::lost_idle(Instance& instance) {
  std::erase(group_of(instance).idle, &instance);
}

void Pool::State::ended(Instance& instance) {
  Group& group = group_of(instance);
  if (with_lines_.contains(&instance)) flush_lines();
  std::erase(group.idle, &instance);
  std::shared_ptr<Instance> kept;
  for (auto& other : group.instances) {
    if (other.get() == &instance) kept = other;
  }
  std::erase(group.instances, kept);
  // Where nothing of the function runs, what stopped this start stops the others too.
  if (!instance.was_ready() && group.instances.empty()) {
    for (auto& job : std::exchange(group.waiting, {})) {
      if (instance.init_failure() || !instance.init_error_payload().empty()) {
        instance.refuse(std::move(job));
      } else {
        job->done({.outcome = Answer::Outcome::failed, .reason = instance.broken()});
      }
    }
    if (with_lines_.contains(&instance)) flush_lines();
  }
  // It is still on the stack: it goes when the loop comes round.
  loop_.post([this, kept, key = key_of(instance.version())] {
    with_lines_.erase(kept.get());
    const auto found = groups_.find(key);
    if (found == groups_.end()) return;
    dispatch(*found->second);
    drop_if_empty(key);
  });
}

void Pool::State::drop_if_empty(const std::string& key) {
  const auto found = groups_.find(key);
  if (found == groups_.end()) return;
  const Group& group = *found->second;
  if (group.instances.empty() && group.waiting.empty() && group.minting == 0) groups_.erase(found);
}

void Pool::State::retire(const std::string& function_arn) {
  const auto groups = groups_;
  for (const auto& [key, group] : groups) {
    if (group->version->arn == function_arn) retire_group(*group);
  }
}

void Pool::State::retire_group(Group& group) {
  group.retired = true;
  const auto idle = group.idle;
  for (Instance* instance : idle) instance->stop();
}

void Pool::State::finished(Instance& instance, double duration_ms, Answer::Outcome outcome) {
  usage_.finished(group_of(instance).version, duration_ms, outcome);
}

// ---- what happens by the clock

void Pool::State::keep_ticking() {
  if (std::exchange(ticking_, true)) return;
  loop_.at(steady_now() + kTick, [this] {
    ticking_ = false;
    if (!stopping_) tick();
  });
}

void Pool::State::tick() {
  const Steady now = steady_now();
  bool any = false;
  const auto groups = groups_;
  for (const auto& [key, group] : groups) {
    const auto instances = group->instances;
    for (const auto& instance : instances) {
      if (instance->state() == Instance::State::idle) continue;
      any = true;
      instance->tick(now);
    }
  }
  if (any) keep_ticking();
}

void Pool::State::reap() {
  reaping_ = true;
  loop_.at(steady_now() + std::min<Steady::duration>(kReap, settings_.idle_for_max), [this] {
    if (stopping_) return;
    const Steady now = steady_now();
    const auto groups = groups_;
    for (const auto& [key, group] : groups) {
      const auto idle = group->idle;
      for (Instance* instance : idle) {
        const bool expires =
            instance->was_used() && instance->credentials_expire_at() < clock_.now() + kCredentialsLeftMin;
        if (expires || now - instance->idle_since() > settings_.idle_for_max) instance->stop();
      }
    }
    reaping_ = false;
    if (!groups_.empty()) reap();
  });
}

void Pool::State::has_lines(Instance& instance) {
  with_lines_.insert(&instance);
  if (std::exchange(flushing_, true)) return;
  loop_.at(steady_now() + kFlush, [this] {
    flushing_ = false;
    flush_lines();
  });
}

void Pool::State::flush_lines() {
  for (Instance* instance : std::exchange(with_lines_, {})) {
    std::vector<LogLine> lines = instance->take_lines();
    if (!lines.empty()) logs_.write(instance->stream(), std::move(lines));
  }
}

// ---- the end

void Pool::State::stop() {
  loop_.post([this] {
    stopping_ = true;
    const auto groups = groups_;
    for (const auto& [key, group] : groups) {
      const auto instances = group->instances;
      for (const auto& instance : instances) instance->stop();
      for (auto& job : std::exchange(group->waiting, {})) {
        job->done({.outcome = Answer::Outcome::failed, .reason = "localcloud is stopping"});
      }
    }
    flush_lines();
    say_stopped();
  });
  std::unique_lock lock(stop_mutex_);
  stop_changed_.wait_for(lock, kStopMax, [&] { return stopped_; });
}

void Pool::State::say_stopped() {
  if (minting_ > 0) return;  // whoever mints still comes back to this loop
  std::lock_guard lock(stop_mutex_);
  stopped_ = true;
  stop_changed_.notify_all();
}

Pool::Pool(PoolSettings settings, base::Timers& timers, base::Ids& ids, RoleCredentials& credentials, LogSink& logs,
           MetricSink& metrics, LinkedCode* linked)
    : usage_(settings.concurrency_max, timers, metrics),
      state_(std::make_unique<State>(std::move(settings), timers.clock(), ids, credentials, logs, usage_)) {
  if (linked) linked_.emplace(*linked, timers, ids, logs, usage_);
}

Pool::~Pool() {
  linked_.reset();
  state_->stop();
}

void Pool::retire(std::string function_arn) {
  if (linked_) linked_->retire(function_arn);
  state_->loop().post([state = state_.get(), arn = std::move(function_arn)] { state->retire(arn); });
}

void Pool::set_endpoint_url(std::string url) {
  state_->loop().post(
      [state = state_.get(), url = std::move(url)]() mutable { state->set_endpoint_url(std::move(url)); });
}

namespace {

// Hands an event to the loop and continues, with its answer, where it was awaited.
template <class Submit>
struct AnswerAwaiter {
  Submit submit;
  Answer answer = {};

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    base::Executor* const here = base::Executor::current();
    submit([this, waiting, here](Answer given) {
      answer = std::move(given);
      if (here) {
        here->post([waiting] { waiting.resume(); });
      } else {
        waiting.resume();
      }
    });
  }
  Answer await_resume() { return std::move(answer); }
};

}  // namespace

Task<Answer> Pool::invoke(std::shared_ptr<const FunctionVersion> version, InvokeRequest request) {
  if (linked_) {
    const bool is_linked = linked_->has(*version);
    if (is_linked) co_return co_await linked_->invoke(std::move(version), std::move(request));
  }
  auto submit = [&](std::function<void(Answer)> done) {
    state_->loop().post(
        [state = state_.get(), version = std::move(version), request = std::move(request),
         done = std::move(done)]() mutable { state->submit(std::move(version), std::move(request), std::move(done)); });
  };
  AnswerAwaiter<decltype(submit)> awaiter{std::move(submit)};
  Answer answer = co_await awaiter;
  co_return answer;
}

}  // namespace localcloud::lambda
