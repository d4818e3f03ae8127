// Tasks, the branches of Parallel states and the iterations of Map states.

#include <algorithm>

#include "localcloud/services/stepfunctions/asl/machine_emit.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

// AWS runs about as many iterations of an inline Map at once, whatever MaxConcurrency says.
constexpr std::size_t kIterationsAtOnce = 40;

bool is_function(const State& state) {
  return state.resource.kind == TaskResource::Kind::lambda_function;
}

// The events of a task called by a function's ARN have names of their own.
std::pair<std::string, std::string> event_names(const State& state, std::string_view what) {
  const std::string end(what);
  return is_function(state) ? std::pair("LambdaFunction" + end, "lambdaFunction" + end + "EventDetails")
                            : std::pair("Task" + end, "task" + end + "EventDetails");
}

void put_resource(json::Object& details, const State& state) {
  if (is_function(state)) return;
  details.append("resourceType", state.resource.service);
  details.append("resource", state.resource.action);
}

}  // namespace

Outcome<std::optional<std::int64_t>> Machine::seconds_of(const std::optional<std::int64_t>& literal,
                                                         const std::optional<Path>& path, std::string_view field,
                                                         const Thread& thread, const View& view) const {
  if (!path) return literal;
  const auto value = evaluate_path(*path, thread.effective, view);
  if (!value) return std::unexpected(view.runtime_error("Invalid path '" + path->text() + "' : " + value.error()));
  const std::optional<std::int64_t> seconds = value->is_number() ? value->as_number().as_int64() : std::nullopt;
  const std::string shown = path->text() + " == " + json::write(*value);
  if (!seconds)
    return std::unexpected(
        view.runtime_error("The " + std::string(field) + " parameter cannot be parsed as a long value: " + shown));
  if (*seconds < 0 || *seconds > 99'999'999) {
    return std::unexpected(view.runtime_error(
        "The " + std::string(field) + " parameter references a value that is not between 0 and 99999999: " + shown));
  }
  return seconds;
}

void Machine::step_task(Thread& thread, const View& view) {
  const State& state = *thread.state;
  Command task;
  task.kind = Command::Kind::task;
  task.resource = state.resource;
  task.role_arn = facts_.role_arn;
  task.parameters = thread.effective;
  if (state.parameters) {
    Outcome<json::Value> parameters = state.parameters->evaluate(thread.effective, view);
    if (!parameters) return fail(thread, std::move(parameters.error()));
    task.parameters = std::move(*parameters);
  }
  bool has_credentials = false;
  if (state.credentials) {
    Outcome<json::Value> credentials = state.credentials->evaluate(thread.effective, view);
    if (!credentials) return fail(thread, std::move(credentials.error()));
    if (const auto role = credentials->get_string("RoleArn")) {
      task.role_arn = *role;
      has_credentials = true;
    }
  }
  if (std::optional<Failure> failure = oversized(thread, task.parameters)) return fail(thread, std::move(*failure));
  const auto timeout = seconds_of(state.timeout_s, state.timeout_path, "TimeoutSecondsPath", thread, view);
  if (!timeout) return fail(thread, timeout.error());
  const auto heartbeat = seconds_of(state.heartbeat_s, state.heartbeat_path, "HeartbeatSecondsPath", thread, view);
  if (!heartbeat) return fail(thread, heartbeat.error());
  const auto [scheduled, scheduled_details] = event_names(state, "Scheduled");
  thread.last_event = emit(scheduled, scheduled_details, thread.last_event, [&](json::Object& details) {
    if (is_function(state)) {
      details.append("resource", state.resource.arn);
      put_payload(details, "input", task.parameters);
    } else {
      put_resource(details, state);
      details.append("region", facts_.region);
      details.append("parameters", json::write(task.parameters));
    }
    if (*timeout) details.append("timeoutInSeconds", **timeout);
    if (*heartbeat) details.append("heartbeatInSeconds", **heartbeat);
    if (has_credentials) details.append("taskCredentials", json::Object{{"roleArn", task.role_arn}});
  });
  const auto [started, started_details] = event_names(state, "Started");
  thread.last_event = emit(started, is_function(state) ? "" : started_details, thread.last_event,
                           [&](json::Object& details) { put_resource(details, state); });
  thread.awaited = command(&thread, Purpose::task, std::move(task));
  if (*timeout) {
    Command timer;
    timer.due = now_ + std::chrono::seconds(**timeout);
    thread.timeout = command(&thread, Purpose::task_timeout, std::move(timer));
  }
}

void Machine::finish_task(Thread& thread, Delivery& delivery) {
  const bool good = delivery.kind == Delivery::Kind::result;
  if (good) {
    // An answer too large to keep never becomes an event.
    if (std::optional<Failure> failure = oversized(thread, delivery.result)) {
      delivery.kind = Delivery::Kind::failure;
      delivery.failure = std::move(*failure);
      return finish_task(thread, delivery);
    }
  }
  const auto [type, details_name] = event_names(*thread.state, good ? "Succeeded" : "Failed");
  thread.last_event = emit(type, details_name, thread.last_event, [&](json::Object& details) {
    put_resource(details, *thread.state);
    if (good) {
      put_payload(details, "output", delivery.result);
    } else {
      put_failure(details, delivery.failure);
    }
  });
  if (good) return complete(thread, std::move(delivery.result));
  fail(thread, std::move(delivery.failure));
}

void Machine::time_out_task(Thread& thread) {
  const Failure failure{"States.Timeout", std::nullopt};
  const auto [type, details_name] = event_names(*thread.state, "TimedOut");
  thread.last_event = emit(type, details_name, thread.last_event, [&](json::Object& details) {
    put_resource(details, *thread.state);
    put_failure(details, failure);
  });
  fail(thread, failure);
}

void Machine::step_parallel(Thread& thread, const View& view) {
  const State& state = *thread.state;
  json::Value input = thread.effective;
  if (state.parameters) {
    Outcome<json::Value> parameters = state.parameters->evaluate(thread.effective, view);
    if (!parameters) return fail(thread, std::move(parameters.error()));
    input = std::move(*parameters);
  }
  thread.last_event = emit("ParallelStateStarted", thread.last_event);
  thread.started = state.branches.size();
  thread.finished = 0;
  thread.results.assign(thread.started, json::Value());
  for (std::size_t i = 0; i < thread.started; ++i) {
    auto child = std::make_unique<Thread>();
    child->parent = &thread;
    child->index = i;
    child->block = state.branches[i].get();
    child->last_event = thread.last_event;
    thread.children.push_back(std::move(child));
  }
  for (std::unique_ptr<Thread>& child : thread.children) enter(*child, child->block->start_at, input);
}

void Machine::step_map(Thread& thread, const View& view) {
  const State& state = *thread.state;
  Outcome<json::Value> items = through_path(state.items_path, thread.effective, view);
  if (!items) return fail(thread, std::move(items.error()));
  if (!items->is_array())
    return fail(thread, view.runtime_error("Map state input must be an array but was: " + json::write(*items)));
  std::int64_t concurrency = state.concurrency_max;
  if (state.concurrency_max_path) {
    const std::string& path = state.concurrency_max_path->text();
    const auto value = evaluate_path(*state.concurrency_max_path, thread.effective, view);
    if (!value) return fail(thread, view.runtime_error("Invalid path '" + path + "' : " + value.error()));
    const std::optional<std::int64_t> number = value->is_number() ? value->as_number().as_int64() : std::nullopt;
    const std::string shown = value->is_string() ? value->as_string() : json::write(*value);
    if (!number)
      return fail(thread, view.runtime_error("The MaxConcurrencyPath field refers to value \"" + shown +
                                             "\" which is not a valid integer: " + path));
    if (*number < 0) return fail(thread, view.runtime_error("MaxConcurrency cannot be negative."));
    concurrency = *number;
  }
  thread.items = std::move(items->as_array());
  thread.results.assign(thread.items.size(), json::Value());
  thread.finished = 0;
  thread.last_event =
      emit("MapStateStarted", "mapStateStartedEventDetails", thread.last_event,
           [&](json::Object& details) { details.append("length", static_cast<std::int64_t>(thread.items.size())); });
  thread.concurrency_max =
      concurrency == 0 ? kIterationsAtOnce : std::min(kIterationsAtOnce, static_cast<std::size_t>(concurrency));
  thread.started = 0;
  if (thread.items.empty()) return finish_children(thread);
  start_iterations(thread, thread.last_event);
}

// Starts iterations until as many run as may.
void Machine::start_iterations(Thread& thread, std::int64_t previous) {
  const State& state = *thread.state;
  while (thread.started < thread.items.size() && thread.started - thread.finished < thread.concurrency_max) {
    auto owned = std::make_unique<Thread>();
    Thread& child = *owned;
    child.parent = &thread;
    child.index = thread.started++;
    child.block = state.branches.front().get();
    child.state = &child.block->state(child.block->start_at);
    child.item = std::move(thread.items[child.index]);
    child.last_event =
        emit("MapIterationStarted", "mapIterationStartedEventDetails", previous, [&](json::Object& details) {
          details.append("name", state.name);
          details.append("index", static_cast<std::int64_t>(child.index));
        });
    thread.children.push_back(std::move(owned));
    json::Value input = *child.item;
    if (state.item_selector) {
      Outcome<json::Value> selected = state.item_selector->evaluate(thread.effective, View(*this, thread, &child));
      if (!selected) return child_failed(child, std::move(selected.error()));
      input = std::move(*selected);
    }
    enter(child, child.block->start_at, std::move(input));
  }
}

void Machine::child_succeeded(Thread& child, json::Value output) {
  Thread& thread = *child.parent;
  const std::int64_t last = child.last_event;
  thread.results[child.index] = std::move(output);
  ++thread.finished;
  thread.last_event = last;
  if (child.item) {
    thread.last_event =
        emit("MapIterationSucceeded", "mapIterationSucceededEventDetails", last, [&](json::Object& details) {
          details.append("name", thread.state->name);
          details.append("index", static_cast<std::int64_t>(child.index));
        });
  }
  const auto own = std::ranges::find(thread.children, &child, &std::unique_ptr<Thread>::get);
  ended_.push_back(std::move(*own));
  thread.children.erase(own);
  if (thread.finished == thread.results.size()) return finish_children(thread);
  if (thread.state->type == StateType::map) start_iterations(thread, last);
}

void Machine::child_failed(Thread& child, Failure failure) {
  Thread& thread = *child.parent;
  const std::int64_t last = child.last_event;
  if (child.item) {
    emit("MapIterationFailed", "mapIterationFailedEventDetails", last, [&](json::Object& details) {
      details.append("name", thread.state->name);
      details.append("index", static_cast<std::int64_t>(child.index));
    });
  }
  const auto own = std::ranges::find(thread.children, &child, &std::unique_ptr<Thread>::get);
  ended_.push_back(std::move(*own));
  thread.children.erase(own);
  abort_children(thread);
  thread.last_event = last;
  thread.items.clear();
  thread.results.clear();
  fail(thread, std::move(failure));
}

void Machine::finish_children(Thread& thread) {
  emit(std::string(name_of(thread.state->type)) + "StateSucceeded", thread.last_event);
  thread.started = 0;
  thread.items.clear();
  complete(thread, json::Value(std::exchange(thread.results, {})));
}

}  // namespace localcloud::stepfunctions::asl
