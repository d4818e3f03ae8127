// An instance's life: start, run events, end. Its conversation with its process is in instance_api.cpp.

#include "localcloud/services/lambda/runtime/instance.hpp"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <system_error>

#include "base/check.hpp"
#include "base/log.hpp"
#include "localcloud/services/lambda/runtime/environment.hpp"

namespace localcloud::lambda {

namespace {

constexpr auto kInitTimeout = std::chrono::seconds(10);
constexpr std::size_t kLineBytesMax = 256 * 1024;
// Over a function's memory, what its process may map: allocators map more than they touch, and what is touched is
// measured; this only stops what grows faster than it can be measured.
constexpr std::uint64_t kMappedExtraBytes = 1ULL << 30;

double milliseconds(Loop::Steady::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

Instance::Instance(Loop& loop, const base::Clock& clock, base::Ids& ids, std::shared_ptr<const FunctionVersion> version,
                   Namespaces namespaces, InstanceWatcher& watcher)
    : loop_(loop), clock_(clock), ids_(ids), version_(std::move(version)), namespaces_(namespaces), watcher_(watcher) {
  stream_ = {.account = version_->account,
             .region = version_->region,
             .group = version_->log_group,
             .name = stream_name(clock_.now(), ids_.hex(32)),
             .role_arn = version_->role_arn};
}

Instance::~Instance() {
  end();
}

void Instance::start(const Credentials& credentials, const std::filesystem::path& temp_folder,
                     const std::string& endpoint_url) {
  CHECK(state_ == State::created);
  temp_folder_ = temp_folder;
  credentials_expire_at_ = credentials.expires_at;
  started_ = std::chrono::steady_clock::now();
  state_ = State::starting;
  try {
    if (const auto why = why_no_sandbox()) throw std::runtime_error(*why);
    std::filesystem::create_directories(temp_folder_);
    listen();
    launch(credentials, endpoint_url);
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, "a function's process could not be started",
              {{"function", version_->arn}, {"reason", error.what()}});
    broken_ = error.what();
    end();
    watcher_.ended(*this);
  }
}

void Instance::launch(const Credentials& credentials, const std::string& endpoint_url) {
  Launch launch;
  launch.code_folder = version_->code_folder;
  launch.temp_folder = temp_folder_;
  launch.namespaces = namespaces_;
  launch.data_bytes_max = 2 * (static_cast<std::uint64_t>(version_->memory_mb) << 20) + kMappedExtraBytes;
  launch.environment = function_environment(*version_, credentials,
                                            {.runtime_api = "127.0.0.1:" + std::to_string(port_),
                                             .endpoint_url = endpoint_url,
                                             .task_root = task_root(version_->code_folder, namespaces_),
                                             .temp_root = temp_root(temp_folder_, namespaces_),
                                             .log_stream = stream_.name});
  auto process = Process::start(launch);
  if (!process) {
    init_failure_ = Failure{"Runtime.InvalidEntrypoint", process.error()};
    end();
    watcher_.ended(*this);
    return;
  }
  process_.emplace(*std::move(process));
  loop_.watch(process_->pidfd(), [this](std::uint32_t) { process_ended(); });
  loop_.watch(process_->output(), [this](std::uint32_t) { read_output(); });
  output_watched_ = true;
}

void Instance::run(std::unique_ptr<Job> job) {
  CHECK(state_ == State::idle && waiting_ >= 0);
  job_ = std::move(job);
  tail_.clear();
  over_memory_ = false;
  was_used_ = true;
  job_started_ = std::chrono::steady_clock::now();
  deadline_ = job_started_ + version_->timeout;
  state_ = State::busy;
  log(start_line(job_->request_id));
  send_event();
}

void Instance::tick(Loop::Steady now) {
  if (state_ == State::starting && now > started_ + kInitTimeout) {
    init_failure_ = timed_out(kInitTimeout);
    process_->kill();
    return;
  }
  if (state_ != State::busy && state_ != State::answered && state_ != State::starting) return;
  if (process_->memory().now_bytes > static_cast<std::uint64_t>(version_->memory_mb) << 20) {
    over_memory_ = true;
    process_->kill();  // the end of the process says the rest
    return;
  }
  if (now < deadline_) return;
  if (state_ == State::answered) {  // it answered, but doesn't come back for the next event
    process_->kill();
  } else if (state_ == State::busy) {
    read_output();
    log(timeout_line(clock_.now(), job_->request_id, version_->timeout));
    const std::string request_id = job_->request_id;
    finish(Answer::Outcome::function_error, error_payload(timed_out(version_->timeout), request_id), "timeout", "");
    process_->kill();
  }
}

void Instance::stop() {
  if (state_ == State::ended) return;
  if (state_ == State::busy) fail({"Runtime.ExitError", "Runtime exited with error: signal: killed"});
  end();
  watcher_.ended(*this);
}

std::vector<LogLine> Instance::take_lines() {
  return std::exchange(lines_, {});
}

double Instance::init_ms() const {
  return milliseconds(first_next_ - started_);
}

void Instance::finish(Answer::Outcome outcome, std::string payload, std::string_view status,
                      std::string_view error_type) {
  const double duration_ms = milliseconds(std::chrono::steady_clock::now() - job_started_);
  Answer answer{.outcome = outcome, .payload = std::move(payload), .log_tail = {}, .reason = {}};
  // Nobody waits for the report but who asked for the log's tail.
  const bool at_once = job_->tail == LogTail::none;
  if (at_once) job_->done(std::move(answer));
  flush_partial_line();
  Report report{.request_id = job_->request_id,
                .duration_ms = duration_ms,
                .memory_mb = version_->memory_mb,
                .peak_bytes = process_ ? process_->memory().peak_bytes : 0,
                .status = std::string(status),
                .error_type = std::string(error_type)};
  if (over_memory_) report.peak_bytes = static_cast<std::uint64_t>(version_->memory_mb) << 20;
  if (!init_reported_ && first_next_ != Loop::Steady{}) report.init_ms = init_ms();
  init_reported_ = true;
  log(end_line(report.request_id));
  log(report_line(report));
  state_ = State::answered;
  const std::unique_ptr<Job> job = std::move(job_);
  if (!at_once) {
    answer.log_tail = tail_of(tail_);
    job->done(std::move(answer));
  }
  watcher_.finished(*this, duration_ms, outcome);
}

void Instance::fail(const Failure& failure) {
  log("RequestId: " + job_->request_id + " Error: " + failure.message + "\n");
  finish(Answer::Outcome::function_error, error_payload(failure, job_->request_id), "error", failure.type);
}

void Instance::refuse(std::unique_ptr<Job> job) {
  job_ = std::move(job);
  tail_.clear();
  job_started_ = std::chrono::steady_clock::now();
  log(start_line(job_->request_id));
  const State before = state_;
  if (!init_error_payload_.empty()) {
    finish(Answer::Outcome::function_error, init_error_payload_, "error", "Runtime.Unknown");
  } else {
    CHECK(init_failure_.has_value());
    fail(*init_failure_);
  }
  state_ = before;
}

void Instance::process_ended() {
  read_output();
  const std::string how = process_->reap();
  if (state_ == State::starting && !init_failure_ && init_error_payload_.empty()) init_failure_ = exited(how);
  if (state_ == State::busy) fail(exited(how));
  flush_partial_line();
  end();
  watcher_.ended(*this);
}

void Instance::end() {
  if (state_ == State::ended) return;
  state_ = State::ended;
  while (!connections_.empty()) close_connection(connections_.begin()->first);
  if (listener_ >= 0) {
    loop_.forget(listener_);
    close(listener_);
    listener_ = -1;
  }
  if (process_) {
    loop_.forget(process_->pidfd());
    forget_output();
    process_.reset();
  }
  std::error_code ignored;
  if (!temp_folder_.empty()) std::filesystem::remove_all(temp_folder_, ignored);
}

void Instance::read_output() {
  char bytes[64 * 1024];
  // Bounded, so that a function that only writes can't hold the loop.
  for (int round = 0; round < 16; ++round) {
    const ssize_t count = read(process_->output(), bytes, sizeof bytes);
    if (count <= 0) {
      if (count == 0) forget_output();  // it closed both, and goes on
      return;
    }
    add_output({bytes, static_cast<std::size_t>(count)});
    if (count < static_cast<ssize_t>(sizeof bytes)) return;
  }
}

void Instance::forget_output() {
  if (std::exchange(output_watched_, false)) loop_.forget(process_->output());
}

void Instance::add_output(std::string_view bytes) {
  for (;;) {
    const std::size_t end = bytes.find('\n');
    const std::size_t taken = end == std::string_view::npos ? bytes.size() : end + 1;
    partial_line_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    if (end != std::string_view::npos || partial_line_.size() >= kLineBytesMax) {
      std::string line = std::exchange(partial_line_, {});
      if (line != "\n") log(std::move(line));
    }
    if (bytes.empty()) return;
  }
}

void Instance::flush_partial_line() {
  if (!partial_line_.empty()) log(std::exchange(partial_line_, {}));
}

void Instance::log(std::string message) {
  if (job_ && job_->tail == LogTail::wanted) add_to_tail(tail_, message);
  const bool first = lines_.empty();
  lines_.push_back({clock_.now(), std::move(message)});
  if (first) watcher_.has_lines(*this);
}

}  // namespace localcloud::lambda
