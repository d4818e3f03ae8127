// Functions as processes: warm and cold, in parallel, failing in every way, and held in their sandbox.

#include "localcloud/services/lambda/runtime/pool.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <thread>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "localcloud/services/lambda/runtime/system_calls.hpp"

namespace localcloud::lambda {
namespace {

using Outcome = Answer::Outcome;

class FixedCredentials final : public RoleCredentials {
 public:
  bool can_assume(const std::string&) override { return true; }
  Task<Result<Credentials>> mint(std::string role_arn, std::string) override {
    ++minted;
    if (role_arn == "refused") co_return failure({.code = "AccessDenied", .message = "no such role"});
    co_return Credentials{"AKID", "secret-of-" + role_arn, "token", base::SystemClock().now() + lifetime};
  }
  std::atomic<int> minted = 0;
  base::Duration lifetime = std::chrono::hours(12);
};

class KeptLogs final : public LogSink {
 public:
  void write(const LogStream& stream, std::vector<LogLine> lines) override {
    std::lock_guard lock(mutex_);
    stream_ = stream;
    for (LogLine& line : lines) text_ += line.message;
  }
  std::string text() {
    std::lock_guard lock(mutex_);
    return text_;
  }
  LogStream stream() {
    std::lock_guard lock(mutex_);
    return stream_;
  }

 private:
  std::mutex mutex_;
  LogStream stream_;
  std::string text_;
};

class KeptMetrics final : public MetricSink {
 public:
  void record(std::vector<Measurement> measurements) override {
    std::lock_guard lock(mutex);
    for (Measurement& m : measurements) kept[m.name].insert(kept[m.name].end(), m.values.begin(), m.values.end());
  }
  std::mutex mutex;
  std::map<std::string, std::vector<double>> kept;
};

class PoolTest : public testing::Test {
 protected:
  PoolTest() {
    char name[] = "/tmp/pool_test.XXXXXX";
    root = mkdtemp(name);
    std::filesystem::create_directories(root / "code");
    std::filesystem::create_directories(root / "other");
    std::filesystem::copy_file(LAMBDA_TEST_FUNCTION, root / "code" / "bootstrap");
    std::ofstream(root / "code" / "data.txt") << "data";
    std::ofstream(root / "secret") << "secret";
    std::ofstream(root / "other" / "bootstrap") << "other";
    settings.temp_folder = root / "temp";
    settings.endpoint_url = "http://127.0.0.1:4566";
    settings.eager_instances_max = 4;
    version.account = "123456789012";
    version.region = "us-east-1";
    version.name = "f";
    version.arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    version.revision = "1";
    version.code_folder = root / "code";
    version.handler = "the.handler";
    version.variables = {{"MARK", root.filename().native()}};
    version.role_arn = "role";
    version.log_group = "/aws/lambda/f";
  }
  ~PoolTest() override {
    pool.reset();
    std::filesystem::remove_all(root);
  }

  std::future<Answer> begin(std::string payload, InvokeRequest request = {}) {
    if (!pool) pool = std::make_unique<Pool>(settings, timers, ids, credentials, logs, metrics, nullptr);
    request.payload = std::move(payload);
    if (request.request_id.empty()) request.request_id = ids.uuid();
    auto promise = std::make_shared<std::promise<Answer>>();
    base::spawn(run(*pool, std::make_shared<const FunctionVersion>(version), std::move(request), promise));
    return promise->get_future();
  }
  Answer invoke(std::string payload, InvokeRequest request = {}) {
    std::future<Answer> answer = begin(std::move(payload), std::move(request));
    if (answer.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      ADD_FAILURE() << "no answer";
      return {};
    }
    return answer.get();
  }
  std::string payload_of(std::string payload) { return invoke(std::move(payload)).payload.text(); }
  std::string logged() {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return logs.text();
  }
  void expect_held();
  // Processes whose environment names this test's folder.
  int processes_left() const {
    const std::string command = "grep -l " + root.filename().native() + " /proc/[0-9]*/environ 2>/dev/null | wc -l";
    FILE* const left = popen(command.c_str(), "r");
    int count = -1;
    EXPECT_EQ(fscanf(left, "%d", &count), 1);
    pclose(left);
    return count;
  }
  static Task<void> run(Pool& pool, std::shared_ptr<const FunctionVersion> version, InvokeRequest request,
                        std::shared_ptr<std::promise<Answer>> promise) {
    Answer answer = co_await pool.invoke(std::move(version), std::move(request));
    promise->set_value(std::move(answer));
  }

  std::filesystem::path root;
  base::SystemClock clock;
  base::ThreadTimers timers{clock};
  base::RandomIds ids;
  FixedCredentials credentials;
  KeptLogs logs;
  KeptMetrics metrics;
  PoolSettings settings;
  FunctionVersion version;
  std::unique_ptr<Pool> pool;
};

// An event reaches the process and its answer comes back; the second one finds the process warm.
TEST_F(PoolTest, invokes_and_stays_warm) {
  const Answer answer = invoke(R"({"a":[1,2]})");
  EXPECT_EQ(answer.outcome, Outcome::succeeded) << answer.reason << answer.payload.text();
  EXPECT_EQ(answer.payload.text(), R"({"a":[1,2]})");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(payload_of("1"), "1");
  EXPECT_EQ(credentials.minted, 1);
}

// The process sees its reserved variables and its user's, and nothing of localcloud's own environment.
TEST_F(PoolTest, gives_the_environment) {
  setenv("SECRET_OF_LOCALCLOUD", "x", 1);
  version.variables = {{"USER_VARIABLE", "mine"}};
  for (const auto& [name, value] : std::map<std::string, std::string>{{"USER_VARIABLE", "mine"},
                                                                      {"SECRET_OF_LOCALCLOUD", ""},
                                                                      {"AWS_ACCESS_KEY_ID", "AKID"},
                                                                      {"AWS_SECRET_ACCESS_KEY", "secret-of-role"},
                                                                      {"AWS_SESSION_TOKEN", "token"},
                                                                      {"AWS_REGION", "us-east-1"},
                                                                      {"AWS_DEFAULT_REGION", "us-east-1"},
                                                                      {"AWS_LAMBDA_FUNCTION_NAME", "f"},
                                                                      {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
                                                                      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"},
                                                                      {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"},
                                                                      {"_HANDLER", "the.handler"},
                                                                      {"TZ", ":UTC"}}) {
    EXPECT_EQ(payload_of("\"env " + name + "\""), '"' + value + '"') << name;
  }
}

// START, the function's lines as they are, END and REPORT, in this order, under the function's group; the tail has them
// too.
TEST_F(PoolTest, logs_start_lines_end_and_report) {
  const Answer answer = invoke(R"("log {_aws:1}")", {.request_id = "id-1", .tail = LogTail::wanted});
  invoke(R"("warn unfinished")", {.request_id = "id-2"});
  const std::string text = logged();
  EXPECT_TRUE(
      text.starts_with("START RequestId: id-1 Version: $LATEST\n{_aws:1}\nEND RequestId: id-1\n"
                       "REPORT RequestId: id-1\tDuration: "))
      << text;
  EXPECT_NE(text.find("\tMemory Size: 128 MB\tMax Memory Used: "), std::string::npos);
  EXPECT_NE(text.find("\tInit Duration: "), std::string::npos);
  EXPECT_EQ(text.find("\tInit Duration: "), text.rfind("\tInit Duration: "));
  EXPECT_NE(text.find("START RequestId: id-2 Version: $LATEST\nunfinishedEND RequestId: id-2\n"), std::string::npos);
  EXPECT_EQ(logs.stream().group, "/aws/lambda/f");
  EXPECT_EQ(logs.stream().role_arn, "role");
  EXPECT_NE(logs.stream().name.find("/[$LATEST]"), std::string::npos);
  const std::string tail = base::from_base64(answer.log_tail).value();
  EXPECT_TRUE(tail.starts_with("START RequestId: id-1"));
  EXPECT_NE(tail.find("REPORT RequestId: id-1"), std::string::npos);
}

// Each way to fail, with AWS's type and message, and the next event finds a working process again.
TEST_F(PoolTest, says_how_a_function_failed) {
  version.timeout = std::chrono::seconds(1);
  struct Case {
    const char *event, *type, *message;
  };
  for (const Case& c :
       {Case{R"("exit 3")", "Runtime.ExitError", "RequestId: r Error: Runtime exited with error: exit status 3"},
        Case{R"("exit 0")", "Runtime.ExitError", "RequestId: r Error: Runtime exited without providing a reason"},
        Case{R"("crash")", "Runtime.ExitError",
             "RequestId: r Error: Runtime exited with error: signal: segmentation fault"},
        Case{R"("sleep 5000")", "Sandbox.Timedout", "RequestId: r Error: Task timed out after 1.00 seconds"},
        Case{R"("allocate 400")", "Runtime.ExitError", "RequestId: r Error: Runtime exited with error: signal: killed"},
        Case{R"("large 6300000")", "Function.ResponseSizeTooLarge",
             "RequestId: r Error: Response payload size exceeded maximum allowed payload size (6291556 bytes)."},
        Case{R"("error why")", "Test.Error", "why"}}) {
    const Answer answer = invoke(c.event, {.request_id = "r"});
    EXPECT_EQ(answer.outcome, Outcome::function_error) << c.event;
    const auto payload = json::parse(answer.payload.text());
    ASSERT_TRUE(payload) << answer.payload.text();
    EXPECT_EQ(payload->get_string("errorType"), c.type) << c.event;
    EXPECT_EQ(payload->get_string("errorMessage"), c.message) << c.event;
    EXPECT_EQ(payload_of("1"), "1") << c.event;
  }
  const std::string text = logged();
  EXPECT_NE(text.find("Z r Task timed out after 1.00 seconds\n\nEND RequestId: r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Status: timeout"), std::string::npos);
  EXPECT_NE(text.find("Max Memory Used: 128 MB\tStatus: error\tError Type: Runtime.ExitError"), std::string::npos)
      << text;
}

// A function that can't start says why: no bootstrap, one that isn't a program, an exit, an error of its own, no role.
TEST_F(PoolTest, says_why_a_function_did_not_start) {
  const auto type_of = [&](Answer answer) {
    EXPECT_EQ(answer.outcome, Outcome::function_error) << answer.reason;
    const auto payload = json::parse(answer.payload.text());
    return payload ? std::string(payload->get_string("errorType").value_or("")) + ": " +
                         std::string(payload->get_string("errorMessage").value_or(""))
                   : answer.payload.text();
  };
  version.variables = {{"INIT", "exit"}};
  EXPECT_EQ(type_of(invoke("1", {.request_id = "r"})),
            "Runtime.ExitError: RequestId: r Error: Runtime exited with error: exit status 7");
  version.revision = "2";
  version.variables = {{"INIT", "error"}};
  EXPECT_EQ(type_of(invoke("1", {.request_id = "r"})), "Test.Init: not today");
  version.revision = "3";
  std::filesystem::create_directories(root / "empty");
  version.code_folder = root / "empty";
  EXPECT_EQ(type_of(invoke("1", {.request_id = "r"})),
            "Runtime.InvalidEntrypoint: RequestId: r Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap "
            "/opt/bootstrap]");
  version.revision = "4";
  version.code_folder = root / "other";
  EXPECT_EQ(type_of(invoke("1", {.request_id = "r"})),
            "Runtime.InvalidEntrypoint: RequestId: r Error: fork/exec /var/task/bootstrap: permission denied");
  version.revision = "5";
  version.role_arn = "refused";
  EXPECT_EQ(invoke("1").outcome, Outcome::failed);
  EXPECT_NE(logged().find("END RequestId: r\nREPORT RequestId: r\t"), std::string::npos);
}

// What lies outside its own code is closed to a function; its scratch folder and its libraries are open. The same
// where no namespaces are to be had, but for signals on kernels before 6.12.
TEST_F(PoolTest, holds_the_function_in_its_sandbox) {
  expect_held();
}
TEST_F(PoolTest, holds_it_without_namespaces) {
  settings.namespaces = Namespaces::shared;
  expect_held();
}

void PoolTest::expect_held() {
  const std::string denied = "\"Permission denied\"";
  const pid_t us = getpid();
  const auto not_done = [&](const std::string& event) { EXPECT_NE(payload_of(event), "\"done\"") << event; };
  not_done("\"read " + (root / "secret").native() + "\"");
  not_done("\"read " + (root / "other" / "bootstrap").native() + "\"");
  not_done("\"list " + root.native() + "\"");
  not_done("\"list " + settings.temp_folder.native() + "\"");
  not_done("\"read /proc/" + std::to_string(us) + "/environ\"");
  not_done("\"list /proc/" + std::to_string(us) + "/fd\"");
  for (const char* word : {"truncate ", "chmod "}) {
    not_done("\"" + std::string(word) + (root / "secret").native() + "\"");
    not_done("\"" + std::string(word) + "data.txt\"");
    not_done("\"" + std::string(word) + std::filesystem::absolute(__FILE__).native() + "\"");
  }
  not_done("\"trace " + std::to_string(us) + "\"");
  not_done("\"kill " + std::to_string(us) + "\"");
  EXPECT_EQ(payload_of(R"("read /etc/shadow")"), denied);
  EXPECT_EQ(payload_of(R"("list /root")"), denied);
  not_done(R"("write data.txt")");
  EXPECT_EQ(payload_of(R"("read data.txt")"), "\"done\"");
  not_done(R"("write new")");
  not_done(R"("write /etc/new")");
  EXPECT_EQ(payload_of(R"("read bootstrap")"), "\"done\"");
  EXPECT_EQ(payload_of(R"("read /etc/hosts")"), "\"done\"");
  EXPECT_EQ(payload_of(R"("read /dev/urandom")"), "\"done\"");
  EXPECT_EQ(payload_of(R"("read /proc/self/status")"), "\"done\"");
  EXPECT_EQ(payload_of(R"("list /usr/lib")"), "\"done\"");
  std::string temp = payload_of(R"("env TMPDIR")");
  temp = temp.substr(1, temp.size() - 2);
  EXPECT_EQ(payload_of("\"write " + temp + "/mine\""), "\"done\"");
  EXPECT_EQ(payload_of("\"read " + temp + "/mine\""), "\"done\"");
  EXPECT_FALSE(std::filesystem::exists("/tmp/mine"));
  std::string task_root = payload_of(R"("env LAMBDA_TASK_ROOT")");
  EXPECT_EQ(payload_of("\"read " + task_root.substr(1, task_root.size() - 2) + "/bootstrap\""), "\"done\"");
}

// One function can't take another one's events: its Runtime API hangs up on a stranger.
TEST_F(PoolTest, serves_the_runtime_api_only_to_its_own_process) {
  const std::string api = payload_of(R"("env AWS_LAMBDA_RUNTIME_API")");
  const std::string port = api.substr(api.find(':') + 1, api.size() - api.find(':') - 2);
  version.arn += "-thief";
  EXPECT_EQ(payload_of("\"steal " + port + "\""), "\"hung up\"");
}

// Events that come together run together, in as many processes as it takes up to the limit, and more once they waited.
TEST_F(PoolTest, runs_in_parallel) {
  settings.eager_instances_max = 2;
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 6; ++i) answers.push_back(begin(R"("sleep 900")"));
  for (auto& answer : answers) EXPECT_EQ(answer.get().outcome, Outcome::succeeded);
  EXPECT_GT(credentials.minted, 2);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(2500));
}

// Beyond its reserved concurrency a function is throttled, beyond the account's everybody is.
TEST_F(PoolTest, throttles) {
  settings.concurrency_max = 2;
  auto first = begin(R"("sleep 300")", {.reserved_concurrency = 1});
  EXPECT_EQ(begin("1", {.reserved_concurrency = 1}).get().outcome, Outcome::throttled_function);
  EXPECT_EQ(begin("1", {.reserved_concurrency = 0}).get().outcome, Outcome::throttled_function);
  auto second = begin(R"("sleep 300")");
  EXPECT_EQ(begin("1").get().outcome, Outcome::throttled_account);
  EXPECT_EQ(first.get().outcome, Outcome::succeeded);
  EXPECT_EQ(second.get().outcome, Outcome::succeeded);
}

// A new revision is served by new processes; the old one's end after their event. So do idle ones, after a while.
TEST_F(PoolTest, retires_processes) {
  settings.idle_for_max = std::chrono::milliseconds(200);
  auto last = begin(R"("sleep 300")");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  pool->retire(version.arn);
  version.revision = "2";
  EXPECT_EQ(payload_of("1"), "1");
  EXPECT_EQ(last.get().outcome, Outcome::succeeded);
  EXPECT_EQ(credentials.minted, 2);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  EXPECT_TRUE(std::filesystem::is_empty(settings.temp_folder)) << "an idle instance still has its folder";
  EXPECT_EQ(payload_of("1"), "1");
  EXPECT_EQ(credentials.minted, 3);
}

// A process whose credentials run out is not given another event.
TEST_F(PoolTest, renews_credentials) {
  credentials.lifetime = std::chrono::minutes(5);
  EXPECT_EQ(payload_of("1"), "1");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  credentials.lifetime = std::chrono::hours(1);
  EXPECT_EQ(payload_of("2"), "2");
  EXPECT_EQ(credentials.minted, 2);
}

// Closing the pool answers what is under way and leaves no process behind, descendants in other sessions included.
TEST_F(PoolTest, ends_every_process) {
  payload_of(R"("linger")");
  auto answer = begin(R"("sleep 5000")");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GE(processes_left(), 2);
  pool.reset();
  EXPECT_EQ(answer.get().outcome, Outcome::function_error);
  EXPECT_EQ(processes_left(), 0);
}

// A process doesn't outlive localcloud, however that ends.
TEST_F(PoolTest, processes_die_with_localcloud) {
  const pid_t localcloud = fork();
  if (localcloud == 0) {
    begin(R"("linger")").wait();
    begin(R"("sleep 60000")").wait_for(std::chrono::seconds(1));
    pause();
  }
  for (int i = 0; i < 100 && processes_left() < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_GE(processes_left(), 2);
  kill(localcloud, SIGKILL);
  waitpid(localcloud, nullptr, 0);
  for (int i = 0; i < 100 && processes_left() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(processes_left(), 0);
}

// The filter that stands in for Linux 6.12 and for namespaces: signals go to the process itself, and nowhere else.
TEST(SystemCalls, are_filtered) {
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    bool right = filter_system_calls(Signals::to_itself_only);
    right = right && kill(getppid(), 0) != 0 && errno == EPERM;
    right = right && kill(-1, 0) != 0 && errno == EPERM;
    right = right && kill(getpid(), 0) == 0 && raise(SIGCONT) == 0;
    right = right && chmod("/", 0755) != 0 && errno == EPERM && truncate("/dev/null", 0) != 0 && errno == EPERM;
    right = right && ::access("/", F_OK) == 0;
    _exit(right ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

// CloudWatch gets one value an invocation.
TEST_F(PoolTest, measures) {
  invoke("1");
  invoke(R"("error x")");
  begin("1", {.reserved_concurrency = 0}).get();
  pool.reset();
  EXPECT_EQ(metrics.kept["Invocations"], (std::vector<double>{1, 1}));
  EXPECT_EQ(metrics.kept["Errors"], (std::vector<double>{0, 1}));
  EXPECT_EQ(metrics.kept["Throttles"], (std::vector<double>{1}));
  EXPECT_EQ(metrics.kept["Duration"].size(), 2u);
}

}  // namespace
}  // namespace localcloud::lambda
