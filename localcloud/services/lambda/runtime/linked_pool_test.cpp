// Linked functions: what they answer, write and cost is told as a process's is; their time and their number are
// limited.

#include "localcloud/services/lambda/runtime/linked_pool.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/text.hpp"

namespace localcloud::lambda {
namespace {

using namespace std::chrono_literals;
using Outcome = Answer::Outcome;

// Does what its payload says; "wait" is answered once somebody lets it.
class Function final : public LinkedFunction {
 public:
  explicit Function(base::ThreadExecutor& worker) : worker_(worker) {}

  Task<Handled> handle(LinkedEvent& event, LinkedOutput& output) override {
    const std::string payload = event.payload.text();
    output.write("did " + payload);
    if (payload == "fail") co_return std::unexpected(LinkedError{"Mine", R"({"errorType":"Mine"})"});
    if (payload == "throw") throw std::runtime_error("as asked");
    if (payload == "large") co_return std::string(7 << 20, 'x');
    if (payload == "wait") {
      while (!is_let_go) {
        std::this_thread::sleep_for(1ms);
        co_await base::resume_on(worker_);
      }
      output.write("went on");
    }
    co_return "\"" + payload + "\"";
  }
  std::atomic<bool> is_let_go = false;

 private:
  base::ThreadExecutor& worker_;
};

class Code final : public LinkedCode {
 public:
  explicit Code(base::ThreadExecutor& worker) : worker_(worker) {}
  bool has(const FunctionVersion&) const override { return true; }
  Result<Started> start(const FunctionVersion& version) override {
    ++started;
    if (version.role_arn == "refused") return failure({.code = "AccessDenied", .message = "no such role"});
    if (version.handler == "broken") return Started(std::unexpected(LinkedError{"Init", R"({"errorType":"Init"})"}));
    function = std::make_shared<Function>(worker_);
    return Started(function);
  }
  int started = 0;
  std::shared_ptr<Function> function;

 private:
  base::ThreadExecutor& worker_;
};

class Kept final : public LogSink, public MetricSink {
 public:
  void write(const LogStream& stream, std::vector<LogLine> lines) override {
    const std::lock_guard lock(mutex);
    for (LogLine& line : lines) by_stream[stream.name] += line.message;
  }
  void record(std::vector<Measurement> measurements) override {
    const std::lock_guard lock(mutex);
    for (const Measurement& m : measurements) {
      for (const double value : m.values) sums[m.name] += value;
    }
  }
  std::string text() {
    const std::lock_guard lock(mutex);
    std::string all;
    for (const auto& [name, text] : by_stream) all += text;
    return all;
  }
  std::mutex mutex;
  std::map<std::string, std::string> by_stream;
  std::map<std::string, double> sums;
};

class LinkedPoolTest : public testing::Test {
 protected:
  LinkedPoolTest() {
    version.account = "123456789012";
    version.arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    version.name = "f";
    version.revision = "1";
    version.timeout = 10s;
  }

  std::future<Answer> begin(std::string payload, int reserved = -1) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto request = std::make_shared<InvokeRequest>(InvokeRequest{
        .payload = std::move(payload), .request_id = "id", .reserved_concurrency = reserved, .tail = LogTail::wanted});
    worker.post([this, promise, request] { base::spawn(run(*this, promise, std::move(*request))); });
    return promise->get_future();
  }
  Answer invoke(std::string payload) { return begin(std::move(payload)).get(); }
  static Task<void> run(LinkedPoolTest& test, std::shared_ptr<std::promise<Answer>> promise, InvokeRequest request) {
    Answer answer =
        co_await test.pool->invoke(std::make_shared<const FunctionVersion>(test.version), std::move(request));
    promise->set_value(std::move(answer));
  }
  static std::string tail(const Answer& answer) { return base::from_base64(answer.log_tail).value_or("?"); }

  base::SystemClock clock;
  base::ThreadTimers timers{clock};
  base::RandomIds ids;
  Kept kept;
  Usage usage{3, timers, kept};
  base::ThreadExecutor worker;
  Code code{worker};
  FunctionVersion version;
  std::unique_ptr<LinkedPool> pool = std::make_unique<LinkedPool>(code, timers, ids, kept, usage);
};

TEST_F(LinkedPoolTest, an_event) {
  const Answer answer = invoke("one");
  EXPECT_EQ(answer.outcome, Outcome::succeeded);
  EXPECT_EQ(answer.payload.text(), "\"one\"");
  const std::string lines = tail(answer);
  EXPECT_TRUE(
      lines.starts_with("START RequestId: id Version: $LATEST\ndid one\nEND RequestId: id\nREPORT RequestId: id"))
      << lines;
  EXPECT_NE(lines.find("Init Duration: "), std::string::npos) << "the first one says what the start took";
  EXPECT_EQ(tail(invoke("two")).find("Init Duration: "), std::string::npos);
  EXPECT_EQ(code.started, 1);
  std::this_thread::sleep_for(100ms);
  EXPECT_NE(kept.text().find("did two\n"), std::string::npos);
  EXPECT_EQ(kept.by_stream.size(), 1U);
}

TEST_F(LinkedPoolTest, errors) {
  EXPECT_EQ(invoke("fail").payload.text(), R"({"errorType":"Mine"})");
  EXPECT_NE(tail(invoke("fail")).find("Status: error\tError Type: Mine\t"), std::string::npos);
  EXPECT_EQ(
      invoke("throw").payload.text(),
      R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: id Error: Runtime exited without providing a reason"})");
  const Answer large = invoke("large");
  EXPECT_EQ(large.outcome, Outcome::function_error);
  EXPECT_NE(large.payload.text().find("Function.ResponseSizeTooLarge"), std::string::npos);
}

// It is answered when its time is over; what it writes or answers afterwards is nobody's.
TEST_F(LinkedPoolTest, timeout) {
  version.timeout = 200ms;
  const Answer answer = invoke("wait");
  EXPECT_EQ(answer.outcome, Outcome::function_error);
  EXPECT_EQ(
      answer.payload.text(),
      R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id Error: Task timed out after 0.20 seconds"})");
  EXPECT_NE(tail(answer).find("Task timed out after 0.20 seconds"), std::string::npos);
  EXPECT_NE(tail(answer).find("Status: timeout"), std::string::npos);
  code.function->is_let_go = true;
  EXPECT_EQ(invoke("next").payload.text(), "\"next\"");
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(kept.text().find("went on"), std::string::npos);
}

TEST_F(LinkedPoolTest, limits) {
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(begin("wait"));
  EXPECT_EQ(invoke("one").outcome, Outcome::throttled_account);
  EXPECT_EQ(begin("one", 2).get().outcome, Outcome::throttled_function);
  code.function->is_let_go = true;
  for (auto& answer : answers) EXPECT_EQ(answer.get().outcome, Outcome::succeeded);
  EXPECT_EQ(invoke("one").outcome, Outcome::succeeded);
  invoke("fail");
  usage.record();
  EXPECT_EQ(kept.sums["Invocations"], 5);
  EXPECT_EQ(kept.sums["Errors"], 1);
  EXPECT_EQ(kept.sums["Throttles"], 2);
}

TEST_F(LinkedPoolTest, a_start_that_is_refused) {
  version.role_arn = "refused";
  EXPECT_EQ(invoke("one").outcome, Outcome::failed);
  EXPECT_EQ(invoke("one").reason, "no such role");
  version.role_arn = "role";
  version.handler = "broken";
  const Answer answer = invoke("one");
  EXPECT_EQ(answer.payload.text(), R"({"errorType":"Init"})");
  EXPECT_NE(tail(answer).find("Status: error\tError Type: Runtime.Unknown"), std::string::npos);
  invoke("one");
  EXPECT_EQ(code.started, 4) << "each event tries again";
}

// A new revision starts anew, in a log stream of its own.
TEST_F(LinkedPoolTest, a_change) {
  invoke("one");
  version.revision = "2";
  invoke("one");
  pool->retire(version.arn);
  invoke("one");
  EXPECT_EQ(code.started, 3);
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(kept.by_stream.size(), 3U);
}

TEST_F(LinkedPoolTest, the_end_answers_what_runs) {
  std::future<Answer> answer = begin("wait");
  while (!code.function) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  pool.reset();
  EXPECT_NE(answer.get().payload.text().find("signal: killed"), std::string::npos);
  EXPECT_NE(kept.text().find("did wait"), std::string::npos);
  code.function->is_let_go = true;
}

}  // namespace
}  // namespace localcloud::lambda
