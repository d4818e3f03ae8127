// The drive of an execution: deliveries in, events and commands out, and how it ends.

#include "localcloud/services/stepfunctions/asl/machine.hpp"

#include "base/check.hpp"
#include "localcloud/services/stepfunctions/asl/held_bytes.hpp"
#include "localcloud/services/stepfunctions/asl/machine_emit.hpp"
#include "localcloud/services/stepfunctions/asl/timestamp.hpp"

namespace localcloud::stepfunctions::asl {

Machine::Machine(Definition definition, Facts facts, Recording recording)
    : definition_(std::move(definition)),
      facts_(std::move(facts)),
      recording_(recording),
      random_(facts_.seed),
      now_(facts_.started_at) {}

Machine::~Machine() = default;

bool is_failure(std::string_view type) {
  return type == "FailStateEntered" || type.ends_with("Failed") || type.ends_with("TimedOut") ||
         type.ends_with("Aborted");
}

std::int64_t Machine::emit(std::string_view type, std::int64_t previous) {
  return emit(type, "", previous, [](json::Object&) {});
}

void Machine::start() {
  CHECK(root_ == nullptr);
  emit("ExecutionStarted", "executionStartedEventDetails", 0, [&](json::Object& details) {
    details.append("input", facts_.input_text.empty() ? json::write(facts_.input) : facts_.input_text);
    details.append("inputDetails", json::Object{{"truncated", false}});
    details.append("roleArn", facts_.role_arn);
  });
  facts_.input_text = {};  // nobody reads it again
  std::optional<base::Duration> lifetime = facts_.lifetime_max;
  if (definition_->timeout_s) {
    const base::Duration own = std::chrono::seconds(*definition_->timeout_s);
    lifetime = lifetime ? std::min(*lifetime, own) : own;
  }
  root_ = std::make_unique<Thread>();
  root_->block = definition_.get();
  if (lifetime) {
    Command timer;
    timer.due = now_ + *lifetime;
    command(root_.get(), Purpose::lifetime, std::move(timer));
  }
  enter(*root_, definition_->start_at, facts_.input);
  run();
}

void Machine::deliver(Delivery delivery) {
  if (status_ != Status::running) return;
  // Time never runs backwards within an execution, whatever the machine's clock does.
  now_ = std::max(now_, delivery.time);
  if (delivery.kind == Delivery::Kind::stop) return end(Status::aborted, std::move(delivery.failure), 0);
  const auto found = pending_.find(delivery.command);
  if (found == pending_.end()) return;
  const Pending pending = found->second;
  pending_.erase(found);
  Thread& thread = *pending.thread;
  switch (pending.purpose) {
    case Purpose::lifetime:
      return end(Status::timed_out, {"States.Timeout", std::nullopt}, 0);
    case Purpose::task_timeout:
      thread.timeout = 0;
      forget(thread.awaited);
      time_out_task(thread);
      break;
    case Purpose::task:
      thread.awaited = 0;
      forget(thread.timeout);
      finish_task(thread, delivery);
      break;
    case Purpose::wait:
      thread.awaited = 0;
      complete(thread, json::Value());
      break;
    case Purpose::retry:
      thread.awaited = 0;
      ready_.push_back(&thread);
      break;
  }
  run();
}

void Machine::run() {
  while (!ready_.empty() && status_ == Status::running && !is_full_) {
    Thread& thread = *ready_.front();
    ready_.pop_front();
    step(thread);
  }
  if (is_full_ && status_ == Status::running) {
    const std::string max = std::to_string(facts_.events_max);
    end(Status::failed, {"States.Runtime", "The execution reached the maximum number of history events (" + max + ")."},
        events_count_);
  }
  ended_.clear();
}

void Machine::step(Thread& thread) {
  const View view(*this, thread);
  const State& state = *thread.state;
  Outcome<json::Value> effective = through_path(state.input_path, thread.input, view);
  if (!effective) return fail(thread, std::move(effective.error()));
  thread.effective = std::move(*effective);
  switch (state.type) {
    case StateType::pass:
      return step_pass(thread, view);
    case StateType::task:
      return step_task(thread, view);
    case StateType::choice:
      return step_choice(thread, view);
    case StateType::wait:
      return step_wait(thread, view);
    case StateType::succeed:
      return complete(thread, json::Value());
    case StateType::fail:
      return step_fail(thread, view);
    case StateType::parallel:
      return step_parallel(thread, view);
    case StateType::map:
      return step_map(thread, view);
  }
}

std::uint64_t Machine::command(Thread* thread, Purpose purpose, Command command) {
  command.id = ++commands_count_;
  pending_.emplace(command.id, Pending{thread, purpose, heap_bytes(command.parameters)});
  commands_.push_back(std::move(command));
  return commands_count_;
}

void Machine::forget(std::uint64_t& command) {
  if (command != 0) pending_.erase(command);
  command = 0;
}

void Machine::enter(Thread& thread, const std::string& state, json::Value input) {
  thread.state = &thread.block->state(state);
  thread.input = std::move(input);
  thread.attempts.assign(thread.state->retriers.size(), 0);
  thread.retry_count = 0;
  thread.entered_at = now_;
  const std::string type = std::string(name_of(thread.state->type)) + "StateEntered";
  thread.last_event = emit(type, "stateEnteredEventDetails", thread.last_event, [&](json::Object& details) {
    details.append("name", thread.state->name);
    put_payload(details, "input", thread.input);
  });
  thread.entered_event = thread.last_event;
  ready_.push_back(&thread);
}

void Machine::end(Status status, Failure failure, std::int64_t previous) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"", ""},
      {"ExecutionSucceeded", "executionSucceededEventDetails"},
      {"ExecutionFailed", "executionFailedEventDetails"},
      {"ExecutionTimedOut", "executionTimedOutEventDetails"},
      {"ExecutionAborted", "executionAbortedEventDetails"}};
  const auto& [type, details_name] = kTypes[static_cast<std::size_t>(status)];
  // Stopped from outside while states run: what was last in the whole execution is before it.
  if (previous == 0 && root_)
    previous = status == Status::succeeded ? root_->last_event : std::max(root_->last_event, previous);
  status_ = status;
  failure_ = std::move(failure);
  emit(type, details_name, previous, [&](json::Object& details) {
    if (status == Status::succeeded) {
      put_payload(details, "output", output_);
    } else {
      put_failure(details, failure_);
    }
  });
  pending_.clear();
  ready_.clear();
  commands_.clear();
}

// Ends what still runs below a state that has failed.
void Machine::abort_children(Thread& thread) {
  for (std::unique_ptr<Thread>& child : thread.children) {
    if (!child) continue;
    abort_children(*child);
    const StateType type = child->state->type;
    if (child->awaited != 0 || !child->children.empty() || type == StateType::wait || type == StateType::task) {
      child->last_event = emit(std::string(name_of(type)) + "StateAborted", child->last_event);
    }
    if (child->item) {
      emit("MapIterationAborted", "mapIterationAbortedEventDetails", child->last_event, [&](json::Object& details) {
        details.append("name", thread.state->name);
        details.append("index", static_cast<std::int64_t>(child->index));
      });
    }
    forget(child->awaited);
    forget(child->timeout);
    std::erase(ready_, child.get());
    ended_.push_back(std::move(child));
  }
  thread.children.clear();
}

// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
json::Value Machine::context(const Thread& thread, const Thread* item) const {
  json::Object execution{
      {"Id", facts_.execution_arn},    {"Input", facts_.input},      {"StartTime", write_timestamp(facts_.started_at)},
      {"Name", facts_.execution_name}, {"RoleArn", facts_.role_arn}, {"RedriveCount", 0}};
  json::Object state{{"Name", thread.state->name}, {"EnteredTime", write_timestamp(thread.entered_at)}};
  const StateType type = thread.state->type;
  if (type == StateType::task || type == StateType::parallel || type == StateType::map)
    state.append("RetryCount", thread.retry_count);
  json::Object context{
      {"Execution", std::move(execution)},
      {"StateMachine", json::Object{{"Id", facts_.state_machine_arn}, {"Name", facts_.state_machine_name}}},
      {"State", std::move(state)}};
  const Thread* holder = item != nullptr ? item : &thread;
  while (holder != nullptr && !holder->item) holder = holder->parent;
  if (holder != nullptr) {
    json::Object map_item{{"Index", static_cast<std::int64_t>(holder->index)}, {"Value", *holder->item}};
    context.append("Map", json::Object{{"Item", std::move(map_item)}});
  }
  return json::Value(std::move(context));
}

}  // namespace localcloud::stepfunctions::asl
