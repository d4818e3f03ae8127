// What Pass, Choice, Wait and Fail do, and how every state ends: with an output, a retry, a catch or a failure.

#include <algorithm>
#include <cmath>

#include "localcloud/services/stepfunctions/asl/limits.hpp"
#include "localcloud/services/stepfunctions/asl/machine_emit.hpp"
#include "localcloud/services/stepfunctions/asl/timestamp.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
bool matches(const std::vector<std::string>& names, const Failure& failure) {
  const std::string error = failure.error.value_or("");
  const bool is_terminal = error == "States.Runtime" || error == "States.DataLimitExceeded";
  return std::ranges::any_of(names, [&](const std::string& name) {
    if (name == "States.ALL") return !is_terminal;
    if (name == "States.TaskFailed") return !is_terminal && error != "States.Timeout";
    return name == error && error != "States.Runtime";
  });
}

}  // namespace

Outcome<json::Value> Machine::through_path(const PathField& field, const json::Value& value, const View& view) const {
  if (field.is_null) return json::Value(json::Object{});
  if (!field.path) return value;
  auto selected = evaluate_path(*field.path, value, view);
  if (selected) return std::move(*selected);
  return std::unexpected(view.runtime_error("Invalid path '" + field.path->text() + "' : " + selected.error()));
}

void Machine::step_pass(Thread& thread, const View& view) {
  if (thread.state->result) return complete(thread, *thread.state->result);
  if (!thread.state->parameters) return complete(thread, thread.effective);
  Outcome<json::Value> result = thread.state->parameters->evaluate(thread.effective, view);
  if (!result) return fail(thread, std::move(result.error()));
  complete(thread, std::move(*result));
}

void Machine::step_choice(Thread& thread, const View& view) {
  const std::string* next = nullptr;
  const std::optional<Template>* assign = &thread.state->assign;
  for (const ChoiceRule& rule : thread.state->choices) {
    const Outcome<bool> holds = rule.holds(thread.effective, view);
    if (!holds) return fail(thread, holds.error());
    if (!*holds) continue;
    next = &rule.next;
    assign = &rule.assign;
    break;
  }
  if (next == nullptr) next = &thread.state->fallback;
  if (next->empty()) {
    return fail(
        thread,
        {"States.NoChoiceMatched",
         view.runtime_error(
                 "Failed to transition out of the state. The state's choices do not match and it has no Default.")
             .cause});
  }
  Outcome<json::Value> output = through_path(thread.state->output_path, thread.effective, view);
  if (!output) return fail(thread, std::move(output.error()));
  Outcome<json::Object> assigned = evaluate_assign(*assign, thread.effective, view);
  if (!assigned) return fail(thread, std::move(assigned.error()));
  exit(thread, std::move(*output), *next, std::move(*assigned));
}

void Machine::step_wait(Thread& thread, const View& view) {
  const State& state = *thread.state;
  Command timer;
  timer.due = now_;
  if (state.timestamp) timer.due = *parse_timestamp(*state.timestamp);
  if (state.timestamp_path) {
    const auto value = evaluate_path(*state.timestamp_path, thread.effective, view);
    if (!value)
      return fail(thread, view.runtime_error("Invalid path '" + state.timestamp_path->text() + "' : " + value.error()));
    const std::optional<base::Time> time = value->is_string() ? parse_timestamp(value->as_string()) : std::nullopt;
    if (!time) {
      const std::string shown = value->is_string() ? value->as_string() : json::write(*value);
      return fail(thread, view.runtime_error("The TimestampPath parameter does not reference a valid ISO-8601 extended "
                                             "offset date-time format string: " +
                                             state.timestamp_path->text() + " == " + shown));
    }
    timer.due = *time;
  }
  if (state.seconds || state.seconds_path) {
    const auto seconds = seconds_of(state.seconds, state.seconds_path, "SecondsPath", thread, view);
    if (!seconds) return fail(thread, seconds.error());
    timer.due = now_ + std::chrono::seconds(**seconds);
  }
  if (timer.due <= now_) return complete(thread, json::Value());
  thread.awaited = command(&thread, Purpose::wait, std::move(timer));
}

void Machine::step_fail(Thread& thread, const View& view) {
  const State& state = *thread.state;
  Failure failure{state.error, state.cause};
  const auto read = [&](const std::optional<Expression>& expression, const char* field,
                        std::optional<std::string>& out) -> std::optional<Failure> {
    if (!expression) return std::nullopt;
    Outcome<json::Value> value = expression->evaluate(thread.effective, view, field);
    if (!value) return std::move(value.error());
    if (!value->is_string())
      return view.runtime_error("The value of the field '" + std::string(field) +
                                "' must be a string but was: " + json::write(*value));
    out = value->as_string();
    return std::nullopt;
  };
  if (std::optional<Failure> flaw = read(state.error_path, "ErrorPath", failure.error))
    return fail_block(thread, std::move(*flaw));
  if (std::optional<Failure> flaw = read(state.cause_path, "CausePath", failure.cause))
    return fail_block(thread, std::move(*flaw));
  fail_block(thread, std::move(failure));
}

std::optional<Failure> Machine::oversized(const Thread& thread, const json::Value& value) const {
  if (fits_payload(value)) return std::nullopt;
  const std::string& name = thread.state->type == StateType::task ? thread.state->resource.arn : thread.state->name;
  return Failure{"States.DataLimitExceeded",
                 "The state/task '" + name +
                     "' returned a result with a size exceeding the maximum number of bytes service limit."};
}

Outcome<json::Object> Machine::evaluate_assign(const std::optional<Template>& assign, const json::Value& value,
                                               const View& view) const {
  if (!assign) return json::Object{};
  Outcome<json::Value> assigned = assign->evaluate(value, view);
  if (!assigned) return std::unexpected(std::move(assigned.error()));
  if (!fits_payload(*assigned)) {
    return std::unexpected(Failure{"States.DataLimitExceeded",
                                   "The variables assigned exceed the maximum number of bytes service limit."});
  }
  return std::move(assigned->as_object());
}

// ResultSelector, ResultPath, Assign, OutputPath, in this order. Wait and Succeed have no result but their input.
void Machine::complete(Thread& thread, json::Value result) {
  const State& state = *thread.state;
  const View view(*this, thread);
  json::Value output;
  const bool has_result = state.type != StateType::wait && state.type != StateType::succeed;
  if (has_result) {
    if (std::optional<Failure> failure = oversized(thread, result)) return fail(thread, std::move(*failure));
  } else {
    result = thread.effective;
  }
  Outcome<json::Object> assigned = evaluate_assign(state.assign, result, view);
  if (!assigned) return fail(thread, std::move(assigned.error()));
  if (has_result && state.result_selector) {
    Outcome<json::Value> selected = state.result_selector->evaluate(result, view);
    if (!selected) return fail(thread, std::move(selected.error()));
    result = std::move(*selected);
  }
  if (has_result && state.result_path.is_null) {
    output = thread.input;
  } else if (has_result && state.result_path.path && !state.result_path.path->steps().empty()) {
    output = thread.input;
    if (!state.result_path.path->put(output, std::move(result))) {
      return fail(thread,
                  {"States.ResultPathMatchFailure", "Unable to apply ReferencePath " + state.result_path.path->text() +
                                                        " to input " + json::write(thread.input)});
    }
  } else {
    output = std::move(result);
  }
  Outcome<json::Value> filtered = through_path(state.output_path, output, view);
  if (!filtered) return fail(thread, std::move(filtered.error()));
  if (std::optional<Failure> failure = oversized(thread, *filtered)) return fail(thread, std::move(*failure));
  exit(thread, std::move(*filtered), state.next, std::move(*assigned));
}

void Machine::exit(Thread& thread, json::Value output, const std::string& next, json::Object assigned) {
  const std::string type = std::string(name_of(thread.state->type)) + "StateExited";
  thread.last_event = emit(type, "stateExitedEventDetails", thread.last_event, [&](json::Object& details) {
    details.append("name", thread.state->name);
    put_payload(details, "output", output);
    if (assigned.empty()) return;
    json::Object shown;
    for (const auto& [name, value] : assigned) shown.append(name, json::write(value));
    details.append("assignedVariables", std::move(shown));
    details.append("assignedVariablesDetails", json::Object{{"truncated", false}});
  });
  for (auto& [name, value] : assigned) thread.variables[name] = std::move(value);
  if (!next.empty()) return enter(thread, next, std::move(output));
  if (thread.parent != nullptr) return child_succeeded(thread, std::move(output));
  output_ = std::move(output);
  end(Status::succeeded, {}, thread.last_event);
}

void Machine::fail(Thread& thread, Failure failure) {
  if (retry(thread, failure)) return;
  const bool is_of_children = thread.started > 0;
  if (is_of_children)
    thread.last_event = emit(std::string(name_of(thread.state->type)) + "StateFailed", thread.last_event);
  thread.started = 0;
  if (caught(thread, failure)) return;
  fail_block(thread, std::move(failure));
}

bool Machine::retry(Thread& thread, const Failure& failure) {
  for (std::size_t i = 0; i < thread.state->retriers.size(); ++i) {
    const Retrier& retrier = thread.state->retriers[i];
    if (!matches(retrier.errors, failure)) continue;
    if (thread.attempts[i] >= retrier.attempts_max) return false;
    double delay_s = static_cast<double>(retrier.interval_s) *
                     std::pow(retrier.backoff_rate, static_cast<double>(thread.attempts[i]));
    delay_s = std::min(delay_s, static_cast<double>(retrier.delay_max_s.value_or(99'999'999)));
    if (retrier.has_full_jitter) delay_s *= random_.fraction();
    ++thread.attempts[i];
    ++thread.retry_count;
    thread.started = 0;
    Command timer;
    timer.due = now_ + base::Duration(static_cast<std::int64_t>(delay_s * 1e6));
    thread.awaited = command(&thread, Purpose::retry, std::move(timer));
    return true;
  }
  return false;
}

bool Machine::caught(Thread& thread, const Failure& failure) {
  const auto& catchers = thread.state->catchers;
  const auto catcher = std::ranges::find_if(catchers, [&](const Catcher& one) { return matches(one.errors, failure); });
  if (catcher == catchers.end()) return false;
  const View view(*this, thread);
  json::Object error_output;
  if (failure.error) error_output.append("Error", *failure.error);
  if (failure.cause) error_output.append("Cause", *failure.cause);
  json::Value result(std::move(error_output));
  Outcome<json::Object> assigned = evaluate_assign(catcher->assign, result, view);
  if (!assigned) {
    fail_block(thread, std::move(assigned.error()));
    return true;
  }
  json::Value output = thread.input;
  if (!catcher->result_path.is_null && !catcher->result_path.path) {
    output = std::move(result);
  } else if (!catcher->result_path.is_null && !catcher->result_path.path->put(output, std::move(result))) {
    fail_block(thread,
               {"States.ResultPathMatchFailure", "Unable to apply ReferencePath " + catcher->result_path.path->text() +
                                                     " to input " + json::write(thread.input)});
    return true;
  }
  exit(thread, std::move(output), catcher->next, std::move(*assigned));
  return true;
}

void Machine::fail_block(Thread& thread, Failure failure) {
  if (thread.parent != nullptr) return child_failed(thread, std::move(failure));
  end(Status::failed, std::move(failure), thread.last_event);
}

}  // namespace localcloud::stepfunctions::asl
