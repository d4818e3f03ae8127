// Executions as a client sees them: started, answered, listed, stopped, and carried on after the process has ended.

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <thread>

#include "base/executor.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/service.hpp"
#include "localcloud/services/stepfunctions/sweep.hpp"

namespace localcloud::stepfunctions {
namespace {

// The test's own thread as an executor: work runs when the test pumps it.
class Pump final : public base::Executor {
 public:
  Pump() { current() = this; }
  ~Pump() override { current() = nullptr; }
  void post(base::Work work) override {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
    changed_.notify_one();
  }
  // Runs work until the condition holds; false after ten seconds.
  bool until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
      std::unique_lock lock(mutex_);
      if (!changed_.wait_until(lock, deadline, [&] { return !queue_.empty(); })) return condition();
      base::Work work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
    }
    return true;
  }
  void settle() {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      bool is_empty = false;
      while (!is_empty) {
        until([&] {
          const std::lock_guard lock(mutex_);
          is_empty = queue_.empty();
          return true;
        });
        if (!is_empty) until([ran = 0]() mutable { return ran++ == 1; });
      }
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<base::Work> queue_;
};

struct Functions final : LambdaInvoker {
  int calls = 0;
  bool hangs = false;
  std::coroutine_handle<> hung;  // the call that waits for answer_late()
  FunctionReply reply{.payload = R"({"stored": 1})"};

  Task<Result<FunctionReply>> invoke(FunctionCall call) override {
    ++calls;
    EXPECT_EQ(call.acting.role_arn, "arn:aws:iam::123456789012:role/r");
    if (hangs) {
      Hung call_that_hangs{hung};
      co_await call_that_hangs;
    }
    co_return reply;
  }
  void answer_late() { std::exchange(hung, {}).resume(); }

 private:
  struct Hung : std::suspend_always {
    explicit Hung(std::coroutine_handle<>& its_handle) : handle(its_handle) {}
    void await_suspend(std::coroutine_handle<> waiting) const { handle = waiting; }
    std::coroutine_handle<>& handle;
  };
};

struct Services final : Integrations {
  json::Value parameters;
  Result<json::Value> answer = json::Value(json::Object{});

  bool knows(std::string_view service, std::string_view) const override {
    return service == "dynamodb" || service == "s3";
  }
  Task<Result<json::Value>> call(Acting, std::string, std::string action, json::Value parameters) override {
    this->parameters = json::Object{{"action", std::move(action)}, {"parameters", std::move(parameters)}};
    co_return answer;
  }
  bool may(const Acting&, std::string_view, std::string_view) override { return true; }
};

struct Logs final : LogWriter {
  std::vector<std::string> lines;
  void append(std::string_view, std::string_view, std::vector<LogLine> more) override {
    for (LogLine& line : more) lines.push_back(std::move(line.message));
  }
};

struct Metrics final : MetricWriter {
  std::map<std::string, double> values;
  void record(std::string_view, std::string_view, std::string_view, MetricValue value) override {
    values[value.name] += value.value;
  }
};

class Executions : public testing::Test {
 protected:
  Executions() : folder_(std::filesystem::temp_directory_path() / ("sfn-" + base::RandomIds().hex(12))) { open(); }
  ~Executions() override {
    close();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    store_ = std::make_unique<storage::Store>(
        storage::StoreOptions{.folder = folder_, .sync = storage::StoreOptions::Sync::never});
    timers_ = std::make_unique<base::ManualTimers>(clock_);
    runner_ = std::make_unique<Runner>(*store_, *timers_, ids_, pump_, services_, functions_, logs_, metrics_, places_);
    room_ = std::make_unique<StepFunctions>(*store_, clock_, ids_, *runner_);
  }
  void close() {
    room_.reset();
    runner_.reset();
    timers_.reset();
    store_.reset();
  }
  // The process ends, and starts again.
  void restart() {
    close();
    open();
    runner_->resume();
    pump_.settle();
  }

  wire::Caller caller() {
    wire::Caller caller;
    caller.account = "123456789012";
    caller.region = "us-east-1";
    caller.time = clock_.now();
    return caller;
  }

  template <class T>
  Result<T> await(Task<Result<T>> task) {
    std::optional<Result<T>> result;
    base::spawn(keep(std::move(task), result));
    EXPECT_TRUE(pump_.until([&] { return result.has_value(); }));
    return std::move(*result);
  }
  template <class T>
  static Task<void> keep(Task<Result<T>> task, std::optional<Result<T>>& out) {
    out.emplace(co_await task);
  }
  template <class T>
  Result<T> commit(wire::Change<T> change) {
    if (!change) return failure(change.error());
    return store_->write_and_wait<T>(std::move(*change));
  }

  std::string create(std::string definition, MachineType type = MachineType::standard, std::string name = "m") {
    CreateStateMachine::Input input{name, std::move(definition), "arn:aws:iam::123456789012:role/r", type, {}, {}, {},
                                    {}};
    if (type == MachineType::express) {
      input.logging = LoggingConfiguration{
          LogLevel::all, true, {{LogDestination{LogGroup{"arn:aws:logs:us-east-1:123456789012:log-group:g:*"}}}}};
    }
    auto created = commit<CreateStateMachine::Output>(create_state_machine(*room_, caller(), std::move(input)));
    EXPECT_TRUE(created) << (created ? "" : created.error().message);
    return created ? created->state_machine_arn : "";
  }
  Result<StartExecution::Output> start(const std::string& arn, std::optional<std::string> name = "run",
                                       std::string input = "{}") {
    return await(start_execution(*room_, caller(), {arn, std::move(name), std::move(input), {}}));
  }
  DescribeExecution::Output describe(const std::string& arn) {
    auto described = describe_execution(*room_, caller(), {arn, {}});
    EXPECT_TRUE(described);
    return described.value_or(DescribeExecution::Output{});
  }
  std::string history(const std::string& arn) {
    const auto events = get_execution_history(*room_, caller(), {arn, {}, {}, {}, {}});
    std::string types;
    for (const json::Value& event : events->events) types += std::string(*event.get_string("type")) + " ";
    return types;
  }

  std::filesystem::path folder_;
  PlacesMax places_;  // from the next open() on
  Pump pump_;
  base::ManualClock clock_;
  base::SeededIds ids_;
  Functions functions_;
  Services services_;
  Logs logs_;
  Metrics metrics_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<base::ManualTimers> timers_;
  std::unique_ptr<Runner> runner_;
  std::unique_ptr<StepFunctions> room_;
};

constexpr std::string_view kTask = R"({"StartAt": "T", "States": {"T": {"Type": "Task",
  "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Next": "Done"}, "Done": {"Type": "Succeed"}}})";
constexpr std::string_view kWaitThenTask =
    R"({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "T"}, "T": {"Type": "Task",
  "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}})";

// 10 KB of text, 200 KB as a value.
std::string many_zeros() {
  std::string zeros = "[0";
  for (int i = 1; i < 5000; ++i) zeros += ",0";
  return zeros + "]";
}

// A Standard execution runs its task, and its description, history, list and metrics tell of it.
TEST_F(Executions, StandardRunsToItsEnd) {
  const std::string machine = create(std::string(kTask));
  const auto started = start(machine, "run", R"({"a": 1})");
  ASSERT_TRUE(started);
  EXPECT_EQ(started->execution_arn, "arn:aws:states:us-east-1:123456789012:execution:m:run");
  ASSERT_TRUE(pump_.until([&] { return describe(started->execution_arn).status == ExecutionStatus::succeeded; }));
  EXPECT_EQ(describe(started->execution_arn).output, R"({"stored":1})");
  EXPECT_EQ(history(started->execution_arn),
            "ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded "
            "TaskStateExited SucceedStateEntered "
            "SucceedStateExited ExecutionSucceeded ");
  const auto listed = list_executions(*room_, caller(), {machine, ExecutionStatus::succeeded, {}, {}});
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->executions.size(), 1u);
  EXPECT_EQ(list_executions(*room_, caller(), {machine, ExecutionStatus::running, {}, {}})->executions.size(), 0u);
  EXPECT_EQ(metrics_.values["ExecutionsStarted"], 1);
  EXPECT_TRUE(pump_.until([&] { return metrics_.values["ExecutionsSucceeded"] == 1; }));
}

// What ended is kept for 90 days, with its history; then its name is free. What runs stays however old it is.
TEST_F(Executions, EndedOnesGoAfter90Days) {
  const std::string ended = start(create(std::string(kTask)))->execution_arn;
  const std::string running = start(create(std::string(kWaitThenTask), MachineType::standard, "slow"))->execution_arn;
  ASSERT_TRUE(pump_.until([&] { return describe(ended).status == ExecutionStatus::succeeded; }));
  clock_.advance(std::chrono::days(90));
  EXPECT_EQ(sweep(*store_, clock_.now()), 0u);
  EXPECT_EQ(describe(ended).status, ExecutionStatus::succeeded);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(sweep(*store_, clock_.now()), 3u);  // its record, its place in the list, one delivery
  EXPECT_EQ(describe_execution(*room_, caller(), {ended, {}}).error().code, "ExecutionDoesNotExist");
  EXPECT_EQ(get_execution_history(*room_, caller(), {ended, {}, {}, {}, {}}).error().code, "ExecutionDoesNotExist");
  const std::string machine = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
  EXPECT_TRUE(list_executions(*room_, caller(), {machine, {}, {}, {}})->executions.empty());
  EXPECT_EQ(start(machine, "run", R"({"b": 2})")->execution_arn, ended);
  EXPECT_EQ(describe(running).status, ExecutionStatus::running);
}

// Names are kept: the same start while it runs is the same execution, any other is refused.
TEST_F(Executions, StandardStartsAreIdempotentByName) {
  const std::string machine = create(std::string(kWaitThenTask));
  const auto first = start(machine);
  ASSERT_TRUE(first);
  EXPECT_EQ(start(machine)->execution_arn, first->execution_arn);
  EXPECT_EQ(start(machine, "run", R"({"b":2})").error().code, "ExecutionAlreadyExists");
  EXPECT_EQ(start(machine, "bad name").error().message, "Invalid Name: 'bad name'");
  EXPECT_EQ(start(machine, "other", "{").error().code, "InvalidExecutionInput");
  EXPECT_EQ(start("arn:aws:states:us-east-1:123456789012:stateMachine:none").error().message,
            "State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:none'");
}

// A wait goes on at its time after a restart, and the history has no seam.
TEST_F(Executions, StandardGoesOnAfterRestart) {
  const auto started = start(create(std::string(kWaitThenTask)));
  ASSERT_TRUE(started);
  pump_.settle();
  restart();
  EXPECT_EQ(describe(started->execution_arn).status, ExecutionStatus::running);
  EXPECT_EQ(functions_.calls, 0);
  timers_->advance(std::chrono::seconds(61));
  ASSERT_TRUE(pump_.until([&] { return describe(started->execution_arn).status == ExecutionStatus::succeeded; }));
  EXPECT_EQ(functions_.calls, 1);
  EXPECT_EQ(history(started->execution_arn),
            "ExecutionStarted WaitStateEntered WaitStateExited TaskStateEntered LambdaFunctionScheduled "
            "LambdaFunctionStarted LambdaFunctionSucceeded "
            "TaskStateExited ExecutionSucceeded ");
  restart();
  EXPECT_EQ(runner_->running_count(), 0u);
}

// A task in flight when the process ended is asked again, for Express executions too; at their end nothing is left.
TEST_F(Executions, ExpressTaskIsRunAgainAfterRestart) {
  const std::string machine = create(std::string(kTask), MachineType::express);
  functions_.hangs = true;
  const auto started = start(machine);
  ASSERT_TRUE(started);
  pump_.settle();
  EXPECT_EQ(functions_.calls, 1);
  functions_.hangs = false;
  restart();
  ASSERT_TRUE(pump_.until([&] { return runner_->running_count() == 0; }));
  EXPECT_EQ(functions_.calls, 2);
  pump_.settle();
  EXPECT_TRUE(read_running(*store_->snapshot()).empty());
  EXPECT_EQ(describe_execution(*room_, caller(), {started->execution_arn, {}}).error().message,
            "Invalid Arn: 'Resource type not valid in this context: express'");
  // What the process that ended was waiting for finds nobody there any more.
  functions_.answer_late();
  pump_.settle();
}

// A function's error names the failure, its whole answer is the cause.
TEST_F(Executions, SynchronousExpressAnswersItsFailure) {
  const std::string machine = create(std::string(kTask), MachineType::express);
  functions_.reply.function_error = "Unhandled";
  functions_.reply.payload = R"({"errorType":"Broken","errorMessage":"it is"})";
  const auto ended = await(start_sync_execution(*room_, caller(), {machine, {}, "{}", {}, {}}));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, SyncStatus::failed);
  EXPECT_EQ(ended->error, "Broken");
  EXPECT_EQ(ended->cause, functions_.reply.payload.text());
  ASSERT_EQ(logs_.lines.size(), 6u);
  EXPECT_NE(logs_.lines[0].find(R"("type":"ExecutionStarted","details":{"input":"{}")"), std::string::npos)
      << logs_.lines[0];
  const std::string standard = create(std::string(kTask), MachineType::standard, "standard");
  EXPECT_EQ(await(start_sync_execution(*room_, caller(), {standard, {}, {}, {}, {}})).error().code,
            "StateMachineTypeNotSupported");
}

// Where those that run hold as much as they may, new ones are refused, each in its type's words, and leave nothing
// behind; what runs goes on, also after a restart, and makes room by its end.
TEST_F(Executions, WhatFindsNoPlaceIsRefused) {
  places_.bytes = 8 << 20;
  restart();
  const std::string machine = create(std::string(kWaitThenTask));
  const std::string express = create(std::string(kTask), MachineType::express, "express");
  int count = 0;
  for (; count < 100 && start(machine, std::to_string(count), many_zeros()); ++count) pump_.settle();
  ASSERT_GE(count, 5);
  ASSERT_LE(count, 20);
  const auto refused = start(machine, "refused", many_zeros());
  EXPECT_EQ(refused.error().code, "ExecutionLimitExceeded");
  EXPECT_EQ(refused.error().message, "The maximum number of running executions has been reached.");
  EXPECT_EQ(start(express, "refused", many_zeros()).error().code, "ThrottlingException");
  EXPECT_EQ(await(start_sync_execution(*room_, caller(), {express, {}, many_zeros(), {}, {}})).error().code,
            "ThrottlingException");
  EXPECT_EQ(list_executions(*room_, caller(), {machine, {}, {}, {}})->executions.size(), std::size_t(count));
  restart();
  EXPECT_EQ(runner_->running_count(), std::size_t(count));
  EXPECT_EQ(start(machine, "refused", many_zeros()).error().code, "ExecutionLimitExceeded");
  const std::string running = "arn:aws:states:us-east-1:123456789012:execution:m:";
  ASSERT_TRUE(await(stop_execution(*room_, caller(), {running + "0", {}, {}})));
  ASSERT_TRUE(await(stop_execution(*room_, caller(), {running + "1", {}, {}})));
  pump_.settle();
  EXPECT_TRUE(start(machine, "taken-on", many_zeros()));
  pump_.settle();
  timers_->advance(std::chrono::seconds(61));
  EXPECT_TRUE(pump_.until([&] { return runner_->running_count() == 0; }));
  EXPECT_EQ(functions_.calls, count - 1);
}

// What an execution grows to counts, too.
TEST_F(Executions, WhatGrowsTakesMorePlace) {
  places_.bytes = 4 << 20;
  restart();
  const std::string machine = create(R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Next": "W",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"},
      "W": {"Type": "Wait", "Seconds": 60, "End": true}}})");
  functions_.reply.payload = many_zeros();
  int count = 0;
  for (; count < 100 && start(machine, std::to_string(count)); ++count) pump_.settle();
  EXPECT_GE(count, 5);
  EXPECT_LE(count, 20);
}

// Stopping ends an execution with the given error, durably.
TEST_F(Executions, Stops) {
  const auto started = start(create(std::string(kWaitThenTask)));
  ASSERT_TRUE(started);
  ASSERT_TRUE(await(stop_execution(*room_, caller(), {started->execution_arn, "E", "C"})));
  const auto described = describe(started->execution_arn);
  EXPECT_EQ(described.status, ExecutionStatus::aborted);
  EXPECT_EQ(described.error, "E");
  EXPECT_EQ(history(started->execution_arn), "ExecutionStarted WaitStateEntered ExecutionAborted ");
}

// A service's error becomes the name that AWS gives it, for either generation of integration.
TEST_F(Executions, ServiceErrorsAreNamedAsAwsNamesThem) {
  const auto definition = [](std::string_view resource) {
    return R"({"StartAt":"T","States":{"T":{"Type":"Task","Resource":")" + std::string(resource) +
           R"(","Parameters":{"TableName":"t"},"End":true}}})";
  };
  services_.answer =
      failure({"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "The conditional request failed"});
  const std::string optimized = create(definition("arn:aws:states:::dynamodb:putItem"), MachineType::express, "a");
  EXPECT_EQ(await(start_sync_execution(*room_, caller(), {optimized, {}, {}, {}, {}}))->error,
            "DynamoDB.ConditionalCheckFailedException");
  EXPECT_EQ(json::write(services_.parameters), R"({"action":"PutItem","parameters":{"TableName":"t"}})");
  services_.answer = failure({"NoSuchKey", "The specified key does not exist.", 404});
  const std::string sdk = create(definition("arn:aws:states:::aws-sdk:s3:getObject"), MachineType::express, "b");
  const auto ended = await(start_sync_execution(*room_, caller(), {sdk, {}, {}, {}, {}}));
  EXPECT_EQ(ended->error, "S3.NoSuchKeyException");
  EXPECT_TRUE(
      ended->cause->starts_with("The specified key does not exist. (Service: S3, Status Code: 404, Request ID: "));
  const auto refused = create_state_machine(
      *room_, caller(),
      {"c", definition("arn:aws:states:::sns:publish"), "arn:aws:iam::123456789012:role/r", {}, {}, {}, {}, {}});
  EXPECT_EQ(refused.error().code, "InvalidDefinition");
}

// Creating the same again is the same; another of the name is refused; an update changes what new executions run.
TEST_F(Executions, MachinesAreCreatedOnceAndUpdated) {
  const std::string arn = create(std::string(kTask));
  EXPECT_EQ(create(std::string(kTask)), arn);
  CreateStateMachine::Input other{"m", std::string(kWaitThenTask), "arn:aws:iam::123456789012:role/r", {}, {}, {}, {},
                                  {}};
  EXPECT_EQ(commit<CreateStateMachine::Output>(create_state_machine(*room_, caller(), other)).error().message,
            "State Machine Already Exists: '" + arn + "'");
  ASSERT_TRUE(commit<UpdateStateMachine::Output>(
      update_state_machine(*room_, caller(), {arn, other.definition, {}, {}, {}, {}})));
  EXPECT_EQ(describe_state_machine(*room_, caller(), {arn, {}})->definition, kWaitThenTask);
  EXPECT_EQ(commit<UpdateStateMachine::Output>(update_state_machine(*room_, caller(), {arn, {}, {}, {}, {}, {}}))
                .error()
                .code,
            "MissingRequiredParameter");
  ASSERT_TRUE(commit<TagResource::Output>(tag_resource(*room_, caller(), {arn, {Tag{"k", "v"}}})));
  EXPECT_EQ(list_tags_for_resource(*room_, caller(), {arn})->tags->size(), 1u);
  EXPECT_EQ(list_state_machines(*room_, caller(), {})->state_machines.size(), 1u);
  ASSERT_TRUE(commit<DeleteStateMachine::Output>(delete_state_machine(*room_, caller(), {arn})));
  EXPECT_EQ(describe_state_machine(*room_, caller(), {arn, {}}).error().code, "StateMachineDoesNotExist");
}

}  // namespace
}  // namespace localcloud::stepfunctions
