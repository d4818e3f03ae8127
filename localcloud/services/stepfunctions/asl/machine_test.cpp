// What the recordings don't show: retries with their delays, timeouts, aborted branches, limits, and that a replay is
// the same execution.

#include "localcloud/services/stepfunctions/asl/machine.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

const base::Time kStart = base::from_unix_s(1'795'000'000);

Facts facts(json::Value input = json::Object{}) {
  Facts facts;
  facts.execution_arn = "arn:aws:states:us-east-1:123456789012:execution:m:run";
  facts.region = "us-east-1";
  facts.started_at = kStart;
  facts.input = std::move(input);
  facts.seed = 1;
  return facts;
}

Machine machine(std::string_view definition, json::Value input = json::Object{}) {
  auto parsed = parse_definition(definition);
  EXPECT_TRUE(parsed) << (parsed ? "" : describe(parsed.error()));
  return Machine(*parsed, facts(std::move(input)), Recording::events);
}

std::string types(const std::vector<Event>& events) {
  std::string out;
  for (const Event& event : events) out += (out.empty() ? "" : " ") + event.type;
  return out;
}

Delivery failed(std::uint64_t command, std::string error, base::Time time = kStart) {
  Delivery delivery{Delivery::Kind::failure, command, time, {}, {}};
  delivery.failure = {std::move(error), "why"};
  return delivery;
}

// A retry waits IntervalSeconds × BackoffRate^n, at most MaxDelaySeconds, then asks again; the error left is caught.
TEST(Machine, RetriesWithBackoffThenCatches) {
  Machine one = machine(
      R"j({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
    "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 5, "MaxAttempts": 2}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}], "End": true},
    "Caught": {"Type": "Succeed"}}})j");
  one.start();
  base::Time now = kStart;
  for (const int delay_s : {2, 5}) {
    auto commands = one.take_commands();
    ASSERT_EQ(commands.size(), 1u);
    one.deliver(failed(commands[0].id, "E", now));
    commands = one.take_commands();
    ASSERT_EQ(commands.size(), 1u);
    EXPECT_EQ(commands[0].due, now + std::chrono::seconds(delay_s));
    now = commands[0].due;
    one.deliver({Delivery::Kind::timer, commands[0].id, now, {}, {}});
  }
  const auto commands = one.take_commands();
  ASSERT_EQ(commands.size(), 1u);
  one.deliver(failed(commands[0].id, "E", now));
  EXPECT_EQ(one.status(), Status::succeeded);
  EXPECT_EQ(json::write(one.output()), R"j({"error":{"Error":"E","Cause":"why"}})j");
}

// A task's timeout fails it with States.Timeout; what it answers later changes nothing.
TEST(Machine, TaskTimesOut) {
  Machine one = machine(
      R"j({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {},
    "TimeoutSeconds": 3, "End": true}}})j");
  one.start();
  const auto commands = one.take_commands();
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[1].due, kStart + std::chrono::seconds(3));
  one.deliver({Delivery::Kind::timer, commands[1].id, commands[1].due, {}, {}});
  EXPECT_EQ(one.status(), Status::failed);
  EXPECT_EQ(one.failure().error, "States.Timeout");
  one.deliver({Delivery::Kind::result, commands[0].id, kStart, json::Value(1), {}});
  EXPECT_EQ(types(one.take_events()),
            "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskTimedOut ExecutionFailed");
}

// One branch's failure aborts the others, and the Parallel state's Catch goes on.
TEST(Machine, FailedBranchAbortsTheOthers) {
  Machine one = machine(R"j({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [
    {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}},
    {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}], "Catch": [{"ErrorEquals": ["E"], "Next": "S"}], "End": true},
    "S": {"Type": "Succeed"}}})j");
  one.start();
  EXPECT_EQ(one.status(), Status::succeeded);
  EXPECT_EQ(types(one.take_events()),
            "ExecutionStarted ParallelStateEntered ParallelStateStarted WaitStateEntered FailStateEntered "
            "WaitStateAborted ParallelStateFailed "
            "ParallelStateExited SucceedStateEntered SucceedStateExited ExecutionSucceeded");
}

// A machine's own TimeoutSeconds ends it, wherever it is.
TEST(Machine, ExecutionTimesOut) {
  Machine one = machine(
      R"j({"StartAt": "W", "TimeoutSeconds": 10, "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}})j");
  one.start();
  const auto commands = one.take_commands();
  ASSERT_EQ(commands.size(), 2u);
  one.deliver({Delivery::Kind::timer, commands[0].id, commands[0].due, {}, {}});
  EXPECT_EQ(one.status(), Status::timed_out);
  EXPECT_EQ(one.take_events().back().type, "ExecutionTimedOut");
}

// A loop without end stops at the limit of events.
TEST(Machine, EndlessLoopMeetsTheEventLimit) {
  Machine one = machine(
      R"j({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "B"}], "Default": "A"},
    "B": {"Type": "Succeed"}}})j");
  one.start();
  EXPECT_EQ(one.status(), Status::failed);
  const auto events = one.take_events();
  EXPECT_EQ(events.size(), 25'000u);
  EXPECT_EQ(one.failure().cause, "The execution reached the maximum number of history events (25000).");
}

// A payload that nests ever deeper, or grows past 256 KiB, is refused.
TEST(Machine, PayloadsAreLimited) {
  Machine deep = machine(R"j({"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "$"}, "Next": "B"},
    "B": {"Type": "Choice", "Choices": [{"Variable": "$.y", "IsPresent": true, "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}})j");
  deep.start();
  EXPECT_EQ(deep.failure().error, "States.DataLimitExceeded");
  Machine wide = machine(
      R"j({"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "States.Format('{}{}', $.x, $.x)"
}
, "Next" : "B"
}
, "B" : {"Type" : "Choice", "Choices" : [ {"Variable" : "$.y", "IsPresent" : true, "Next" : "C"} ], "Default" : "A"},
        "C" : {"Type" : "Succeed"}
}
})j",
      json::Object{{"x", "0123456789"}});
  wide.start();
  EXPECT_EQ(wide.failure().error, "States.DataLimitExceeded");
}

// The same deliveries make the same execution: the same random values, the same events, the same output.
TEST(Machine, ReplayIsTheSame) {
  constexpr std::string_view kDefinition =
      R"j({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {
    "StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
    "Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "FULL"}], "ResultSelector": {"id.$": "States.UUID()",
  "r.$" : "$"
},
    "End" : true
}
}
}
, "End" : true
}
}
})j";
  const json::Value input = json::Object{{"items", json::Array{1, 2, 3}}};
  std::vector<Delivery> journal;
  Machine first = machine(kDefinition, input);
  first.start();
  int answered = 0;
  std::vector<Command> commands = first.take_commands();
  while (first.status() == Status::running) {
    ASSERT_FALSE(commands.empty());
    const Command command = std::move(commands.back());
    commands.pop_back();
    Delivery delivery{Delivery::Kind::timer, command.id, std::max(command.due, first.ended_at()), {}, {}};
    if (command.kind == Command::Kind::task) {
      delivery = ++answered == 2
                     ? failed(command.id, "E", first.ended_at())
                     : Delivery{Delivery::Kind::result, command.id, first.ended_at(), json::Value(answered), {}};
    }
    journal.push_back(delivery);
    first.deliver(std::move(delivery));
    for (Command& more : first.take_commands()) commands.push_back(std::move(more));
  }
  Machine second = machine(kDefinition, input);
  second.start();
  for (const Delivery& delivery : journal) second.deliver(delivery);
  EXPECT_EQ(first.status(), Status::succeeded);
  EXPECT_EQ(json::write(first.output()), json::write(second.output()));
  const auto events = first.take_events(), again = second.take_events();
  ASSERT_EQ(events.size(), again.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].type, again[i].type);
    EXPECT_EQ(events[i].previous, again[i].previous);
    EXPECT_EQ(json::write(events[i].details), json::write(again[i].details));
  }
}

// Retry and Catch see States.Runtime neither by name nor by States.ALL.
TEST(Machine, RuntimeErrorsAreNotCaught) {
  Machine one = machine(
      R"j({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
    "Parameters": {"x.$": "$.missing"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S"}], "End": true}, "S": {"Type": "Succeed"}}})j");
  one.start();
  EXPECT_EQ(one.status(), Status::failed);
  EXPECT_EQ(one.failure().cause,
            "An error occurred while executing the state 'T' (entered at the event id #2). The JSONPath '$.missing' "
            "specified for the field 'x.$' "
            "could not be found in the input '{}'");
}

// What isn't here is refused by its name.
TEST(Definition, NamesWhatIsMissing) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"j({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})j", "JSONata"},
      {R"j({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true}}})j",
       "callbacks"},
      {R"j({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": true}}})j",
       "activities"},
      {R"j({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": true}}})j",
       ".sync"},
  };
  for (const auto& [text, feature] : cases) {
    const auto definition = parse_definition(text);
    ASSERT_FALSE(definition) << text;
    EXPECT_EQ(definition.error().front().unsupported, feature);
  }
}

}  // namespace
}  // namespace localcloud::stepfunctions::asl
