// Counts by function and account; measurements by function, a second's worth at a time.

#include "localcloud/services/lambda/runtime/usage.hpp"

#include <map>
#include <mutex>

namespace localcloud::lambda {

namespace {

constexpr auto kRecordEvery = std::chrono::seconds(1);

// What CloudWatch gets of one function.
struct Gathered {
  std::shared_ptr<const FunctionVersion> version;
  std::vector<double> durations_ms = {}, errors = {}, throttles = {}, concurrency = {};
};

void append(std::vector<Measurement>& measurements, Gathered gathered, base::Time now) {
  const FunctionVersion& version = *gathered.version;
  const auto add = [&](const char* name, const char* unit, std::vector<double> values) {
    if (values.empty()) return;
    measurements.push_back({.account = version.account,
                            .region = version.region,
                            .function_name = version.name,
                            .name = name,
                            .unit = unit,
                            .time = now,
                            .values = std::move(values)});
  };
  add("Invocations", "Count", std::vector<double>(gathered.durations_ms.size(), 1));
  add("Errors", "Count", std::move(gathered.errors));
  add("Throttles", "Count", std::move(gathered.throttles));
  add("ConcurrentExecutions", "Count", std::move(gathered.concurrency));
  add("Duration", "Milliseconds", std::move(gathered.durations_ms));
}

}  // namespace

struct Usage::State : std::enable_shared_from_this<Usage::State> {
  State(int account_max, base::Timers& timers, MetricSink& sink)
      : account_max(account_max), timers(timers), sink(sink) {}

  const int account_max;
  base::Timers& timers;
  MetricSink& sink;
  std::mutex mutex;
  std::map<std::string, int> of_function;  // by ARN
  std::map<std::string, int> of_account;
  std::map<std::string, Gathered> gathered;  // by ARN
  bool is_due = false;

  // With the mutex held.
  Gathered& gather(const std::shared_ptr<const FunctionVersion>& version) {
    if (!std::exchange(is_due, true)) {
      timers.at(timers.clock().now() + kRecordEvery, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->record();
      });
    }
    Gathered& of_this = gathered[version->arn];
    of_this.version = version;
    return of_this;
  }

  void record() {
    std::map<std::string, Gathered> taken;
    {
      const std::lock_guard lock(mutex);
      is_due = false;
      taken = std::exchange(gathered, {});
    }
    std::vector<Measurement> measurements;
    for (auto& [arn, one] : taken) append(measurements, std::move(one), timers.clock().now());
    if (!measurements.empty()) sink.record(std::move(measurements));
  }
};

Usage::Usage(int account_max, base::Timers& timers, MetricSink& sink)
    : state_(std::make_shared<State>(account_max, timers, sink)) {}

Usage::~Usage() {
  record();
}

std::optional<Answer::Outcome> Usage::admit(const std::shared_ptr<const FunctionVersion>& version, int reserved) {
  const std::lock_guard lock(state_->mutex);
  int& of_function = state_->of_function[version->arn];
  int& of_account = state_->of_account[version->account];
  const bool over_own = reserved >= 0 && of_function >= reserved;
  if (over_own || of_account >= state_->account_max) {
    state_->gather(version).throttles.push_back(1);
    return over_own ? Answer::Outcome::throttled_function : Answer::Outcome::throttled_account;
  }
  ++of_account;
  state_->gather(version).concurrency.push_back(++of_function);
  return std::nullopt;
}

void Usage::answered(const FunctionVersion& version) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->of_function.find(version.arn);
  if (--found->second == 0) state_->of_function.erase(found);
  --state_->of_account[version.account];
}

void Usage::finished(const std::shared_ptr<const FunctionVersion>& version, double duration_ms,
                     Answer::Outcome outcome) {
  const std::lock_guard lock(state_->mutex);
  Gathered& of_this = state_->gather(version);
  of_this.durations_ms.push_back(duration_ms);
  of_this.errors.push_back(outcome == Answer::Outcome::succeeded ? 0 : 1);
}

void Usage::record() {
  state_->record();
}

}  // namespace localcloud::lambda
