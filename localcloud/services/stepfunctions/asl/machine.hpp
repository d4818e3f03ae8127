#pragma once
// One execution of a state machine, as a machine of its own: told what has happened (a task's result, a timer), it
// moves on as far as it can and says what it wants done next (tasks, timers).
//
// It does no I/O, reads no clock and draws no randomness but from its seed: the same definition, facts and deliveries
// in the same order give the same commands, events and output. So an execution is durable by its deliveries alone: a
// restart delivers them again, and the history is derived from them whenever somebody asks for it.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/definition.hpp"
#include "localcloud/services/stepfunctions/asl/event.hpp"
#include "localcloud/services/stepfunctions/asl/random.hpp"

namespace localcloud::stepfunctions::asl {

// What an execution is given at its start and keeps.
struct Facts {
  std::string execution_arn, execution_name, role_arn, state_machine_arn, state_machine_name, region;
  base::Time started_at;
  json::Value input;
  std::string input_text;  // as it came, for the first event; empty: as `input` is written
  std::uint64_t seed = 0;
  std::int64_t events_max = 25'000;
  std::optional<base::Duration> lifetime_max;  // beyond it States.Timeout, whatever the definition says
};

enum class Status { running, succeeded, failed, timed_out, aborted };

// Something the machine wants done. Its answer is delivered with the same id.
struct Command {
  enum class Kind { task, timer };
  Kind kind = Kind::timer;
  std::uint64_t id = 0;
  base::Time due;         // of a timer
  TaskResource resource;  // of a task
  json::Value parameters;
  std::string role_arn;  // that the task is called under
};

// Something that happened. Of an id that isn't awaited any more, it changes nothing.
struct Delivery {
  enum class Kind { result, failure, timer, stop };
  Kind kind = Kind::timer;
  std::uint64_t command = 0;
  base::Time time;
  json::Value result;
  Failure failure;  // of failure and stop
};

// Which events are built; the others are only counted, because nobody reads them.
enum class Recording { events, failures, counts };

// Not thread-safe: one owner at a time.
class Machine {
 public:
  Machine(Definition definition, Facts facts, Recording recording);
  ~Machine();

  void start();  // once, at facts.started_at
  void deliver(Delivery delivery);

  std::vector<Command> take_commands() { return std::exchange(commands_, {}); }
  std::vector<Event> take_events() { return std::exchange(events_, {}); }
  void record(Recording recording) { recording_ = recording; }
  bool awaits(std::uint64_t command) const { return pending_.contains(command); }
  // How much memory it takes at most, with what its tasks in flight were given.
  std::size_t held_bytes() const;

  Status status() const { return status_; }
  const json::Value& output() const { return output_; }  // of a success
  const Failure& failure() const { return failure_; }    // of the other ends
  base::Time ended_at() const { return now_; }
  const Facts& facts() const { return facts_; }

 private:
  struct Thread;
  struct View;
  enum class Purpose { task, task_timeout, wait, retry, lifetime };
  struct Pending {
    Thread* thread;
    Purpose purpose;
    std::size_t parameters_bytes;
  };

  // machine.cpp: the drive, the events, the end.
  void run();
  void step(Thread& thread);
  template <class Details>
  std::int64_t emit(std::string_view type, std::string_view details_name, std::int64_t previous, Details details);
  std::int64_t emit(std::string_view type, std::int64_t previous);
  std::uint64_t command(Thread* thread, Purpose purpose, Command command);
  void forget(std::uint64_t& command);
  void end(Status status, Failure failure, std::int64_t previous);
  void enter(Thread& thread, const std::string& state, json::Value input);
  void abort_children(Thread& thread);
  json::Value context(const Thread& thread, const Thread* item) const;

  // machine_states.cpp: what each type of state does, and how every state ends.
  Outcome<json::Value> through_path(const PathField& field, const json::Value& value, const View& view) const;
  void step_pass(Thread& thread, const View& view);
  void step_choice(Thread& thread, const View& view);
  void step_wait(Thread& thread, const View& view);
  void step_fail(Thread& thread, const View& view);
  void complete(Thread& thread, json::Value result);
  std::optional<Failure> oversized(const Thread& thread, const json::Value& value) const;
  void exit(Thread& thread, json::Value output, const std::string& next, json::Object assigned);
  Outcome<json::Object> evaluate_assign(const std::optional<Template>& assign, const json::Value& value,
                                        const View& view) const;
  void fail(Thread& thread, Failure failure);
  bool retry(Thread& thread, const Failure& failure);
  bool caught(Thread& thread, const Failure& failure);
  void fail_block(Thread& thread, Failure failure);

  // machine_work.cpp: tasks, branches and iterations.
  void step_task(Thread& thread, const View& view);
  Outcome<std::optional<std::int64_t>> seconds_of(const std::optional<std::int64_t>& literal,
                                                  const std::optional<Path>& path, std::string_view field,
                                                  const Thread& thread, const View& view) const;
  void finish_task(Thread& thread, Delivery& delivery);
  void time_out_task(Thread& thread);
  void step_parallel(Thread& thread, const View& view);
  void step_map(Thread& thread, const View& view);
  void start_iterations(Thread& thread, std::int64_t previous);
  void child_succeeded(Thread& child, json::Value output);
  void child_failed(Thread& child, Failure failure);
  void finish_children(Thread& thread);

  Definition definition_;
  Facts facts_;
  Recording recording_;
  Random random_;
  base::Time now_;
  Status status_ = Status::running;
  json::Value output_;
  Failure failure_;
  std::int64_t events_count_ = 0;
  bool is_full_ = false;
  std::uint64_t commands_count_ = 0;
  std::vector<Event> events_;
  std::vector<Command> commands_;
  std::unordered_map<std::uint64_t, Pending> pending_;
  std::deque<Thread*> ready_;
  std::unique_ptr<Thread> root_;
  std::vector<std::unique_ptr<Thread>> ended_;  // kept until the run is over
};

}  // namespace localcloud::stepfunctions::asl
