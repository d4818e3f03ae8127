#pragma once
// One instance of a function: its process, the Runtime API that only this process may use, and the event it works on.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "localcloud/services/lambda/log_sink.hpp"
#include "localcloud/services/lambda/role_credentials.hpp"
#include "localcloud/services/lambda/runtime/function_version.hpp"
#include "localcloud/services/lambda/runtime/http_reader.hpp"
#include "localcloud/services/lambda/runtime/invocation.hpp"
#include "localcloud/services/lambda/runtime/loop.hpp"
#include "localcloud/services/lambda/runtime/process.hpp"
#include "localcloud/services/lambda/runtime/report.hpp"

namespace localcloud::lambda {

struct Job {
  std::string payload;
  std::string request_id;
  std::string trace_id;
  LogTail tail = LogTail::none;
  std::function<void(Answer)> done;  // called on the loop, once
  Loop::Steady queued_at;
};

class Instance;

// Who looks after the instances. It must not destroy one from within these calls.
class InstanceWatcher {
 public:
  virtual ~InstanceWatcher() = default;
  virtual void became_idle(Instance& instance) = 0;  // it asked for the next event
  virtual void lost_idle(Instance& instance) = 0;    // it hung up while it waited for an event
  virtual void finished(Instance& instance, double duration_ms, Answer::Outcome outcome) = 0;  // one invocation
  virtual void has_lines(Instance& instance) = 0;  // take_lines() has some, where it had none
  virtual void ended(Instance& instance) = 0;      // its process is gone
};

// Lives on the loop.
class Instance {
 public:
  enum class State { created, starting, idle, busy, answered, ended };

  Instance(Loop& loop, const base::Clock& clock, base::Ids& ids, std::shared_ptr<const FunctionVersion> version,
           Namespaces namespaces, InstanceWatcher& watcher);
  ~Instance();

  // Starts the process. Where that fails, the instance is ended() at once, with its failure.
  // `temp_folder` is its own, and removed with it; `endpoint_url` is where the function finds AWS.
  void start(const Credentials& credentials, const std::filesystem::path& temp_folder, const std::string& endpoint_url);
  // Only while idle.
  void run(std::unique_ptr<Job> job);
  // Ends it for whatever is past its time or its memory. Called every few ms.
  void tick(Loop::Steady now);
  void stop();

  State state() const { return state_; }
  const FunctionVersion& version() const { return *version_; }
  const LogStream& stream() const { return stream_; }
  // Whether it ever asked for an event: until then it counts as starting.
  bool was_ready() const { return first_next_ != Loop::Steady{}; }
  bool was_used() const { return was_used_; }  // ran an event
  std::vector<LogLine> take_lines();
  Loop::Steady idle_since() const { return idle_since_; }
  base::Time credentials_expire_at() const { return credentials_expire_at_; }
  // Of an instance that ended before it asked for its first event.
  const std::optional<Failure>& init_failure() const { return init_failure_; }
  const std::string& init_error_payload() const { return init_error_payload_; }  // what the function said of it
  const std::string& broken() const { return broken_; }  // why localcloud could not start it: no fault of the function
  // Answers a job that no process will take because of the init failure, with its START, END and REPORT lines.
  void refuse(std::unique_ptr<Job> job);

 private:
  struct Connection {
    int fd;
    HttpReader reader;
    std::string unsent;
  };

  void listen();
  void launch(const Credentials& credentials, const std::string& endpoint_url);
  void accept_connection();
  void serve(int fd, std::uint32_t events);
  void handle(Connection& connection, const RuntimeRequest& request);
  void handle_next(Connection& connection);
  void handle_result(Connection& connection, const RuntimeRequest& request);
  void handle_init_error(Connection& connection, const RuntimeRequest& request);
  void send_event();
  void send(Connection& connection, std::string_view bytes);
  void flush(Connection& connection);
  void close_connection(int fd);
  void read_output();
  void forget_output();
  void add_output(std::string_view bytes);
  void flush_partial_line();
  void log(std::string message);
  void finish(Answer::Outcome outcome, std::string payload, std::string_view status, std::string_view error_type);
  void fail(const Failure& failure);
  void process_ended();
  void end();
  double init_ms() const;

  Loop& loop_;
  const base::Clock& clock_;
  base::Ids& ids_;
  const std::shared_ptr<const FunctionVersion> version_;
  const Namespaces namespaces_;
  InstanceWatcher& watcher_;
  LogStream stream_;
  State state_ = State::created;
  std::filesystem::path temp_folder_;
  std::optional<Process> process_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::map<int, Connection> connections_;
  int waiting_ = -1;  // the connection that asked for the next event
  base::Time credentials_expire_at_;

  std::unique_ptr<Job> job_;
  Loop::Steady job_started_;
  Loop::Steady deadline_;
  std::string tail_;
  bool over_memory_ = false;

  Loop::Steady started_;
  Loop::Steady first_next_;
  Loop::Steady idle_since_;
  bool was_used_ = false;
  bool init_reported_ = false;
  std::optional<Failure> init_failure_;
  std::string init_error_payload_;
  std::string broken_;

  bool output_watched_ = false;
  std::string partial_line_;
  std::vector<LogLine> lines_;
};

}  // namespace localcloud::lambda
