// The room whole: functions made, changed and run over a real store, with the other rooms played by the test.

#include "localcloud/services/lambda/service.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <thread>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/lambda/zip_for_tests.hpp"

namespace localcloud::lambda {
namespace {

class Roles final : public RoleCredentials {
 public:
  bool can_assume(const std::string& role_arn) override { return role_arn.ends_with("role/f"); }
  Task<Result<Credentials>> mint(std::string, std::string) override {
    co_return Credentials{"AKID", "secret", "token", base::SystemClock().now() + std::chrono::hours(12)};
  }
};

class Code final : public CodeSource {
 public:
  Task<Result<std::string>> fetch(wire::Caller, std::string bucket, std::string key, std::size_t) override {
    if (bucket == "bucket" && key == "key.zip") co_return zip;
    co_return failure({.code = "NoSuchKey", .message = "The specified key does not exist."});
  }
  std::string zip;
};

class NoLogs final : public LogSink {
 public:
  void write(const LogStream&, std::vector<LogLine>) override {}
};
class NoMetrics final : public MetricSink {
 public:
  void record(std::vector<Measurement>) override {}
};

// Keeps policies as they are, but for those that name nobody.
struct AsGiven final : wire::ResourcePolicies {
  std::expected<std::string, std::string> keep(std::string_view policy) const override {
    if (policy.contains("role/nobody")) return std::unexpected("Invalid principal in policy");
    return std::string(policy);
  }
  std::string show(std::string_view kept) const override { return std::string(kept); }
};

// Lets anybody do what a resource policy's text says of their principal.
class PolicyOnly final : public wire::Authorizer {
 public:
  std::optional<std::string> denial(const wire::Caller& caller, const wire::Access& access) override {
    std::lock_guard lock(mutex);
    last = access;
    if (caller.principal.kind == wire::Principal::Kind::root) return std::nullopt;
    if (access.resource_policy && access.resource_policy->contains(R"("Principal":"*")")) return std::nullopt;
    return "no policy allows it";
  }
  std::mutex mutex;
  wire::Access last;
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Environment variables(std::string name, std::string value) {
  Environment environment;
  environment.variables = std::map<std::string, std::string>{{std::move(name), std::move(value)}};
  return environment;
}

template <class T>
Task<void> deliver(Task<T> task, std::promise<T>& promise) {
  try {
    T value = co_await std::move(task);
    promise.set_value(std::move(value));
  } catch (...) {
    promise.set_exception(std::current_exception());
  }
}

template <class T>
T wait(Task<T> task) {
  std::promise<T> promise;
  base::spawn(deliver(std::move(task), promise));
  return promise.get_future().get();
}

class LambdaTest : public testing::Test {
 protected:
  LambdaTest() {
    char name[] = "/tmp/lambda_test.XXXXXX";
    root = mkdtemp(name);
    zip = make_zip({{"bootstrap", read_file(LAMBDA_TEST_FUNCTION)}});
    code.zip = zip;
    caller.account = "123456789012";
    caller.region = "us-east-1";
    caller.request_id = "request-1";
    caller.principal.kind = wire::Principal::Kind::root;
    open();
  }
  ~LambdaTest() override {
    close();
    std::filesystem::remove_all(root);
  }
  void open() {
    store = std::make_unique<storage::Store>(
        storage::StoreOptions{.folder = root / "store", .sync = storage::StoreOptions::Sync::never});
    room = std::make_unique<Lambda>(
        *store, clock, ids, timers, Joins{roles, code, logs, metrics, authorizer, policies},
        Settings{.folder = root / "lambda", .endpoint_url = "http://127.0.0.1:4566", .events = events_max});
  }
  void close() {
    room.reset();
    store.reset();
  }

  template <class T>
  Result<T> write(wire::Change<T> change) {
    if (!change) return failure(change.error());
    return store->write_and_wait<T>(*std::move(change));
  }

  CreateFunction::Input to_create(std::string name = "f") {
    CreateFunction::Input input;
    input.function_name = std::move(name);
    input.runtime = "provided.al2023";
    input.role = "arn:aws:iam::123456789012:role/f";
    input.handler = "bootstrap";
    input.code.zip_file = wire::Blob{zip};
    return input;
  }
  Result<FunctionConfiguration> create(CreateFunction::Input input) {
    return wait(create_function(*room, caller, std::move(input)));
  }
  Result<Invoke::Output> run(std::string payload, InvocationType type = InvocationType::request_response) {
    Invoke::Input input;
    input.function_name = "f";
    input.payload.bytes = std::move(payload);
    input.invocation_type = type;
    return wait(invoke(*room, caller, std::move(input)));
  }
  wire::http::Reply visit(const std::string& url_id, std::string body) {
    wire::http::Request request{.method = "POST",
                                .path = "/v1/events",
                                .query = "",
                                .headers = {{"content-type", "text/plain"}},
                                .source_ip = "127.0.0.1",
                                .content_length = body.size()};
    wire::http::StringBody bytes(std::move(body));
    return wait(handle_url(*room, url_id, request, bytes, std::nullopt));
  }
  std::size_t waiting_events() {
    std::size_t count = 0;
    every_event(*store->snapshot(), [&](const EventRecord&) { ++count; });
    return count;
  }
  template <class Condition>
  bool eventually(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
  }

  std::filesystem::path root;
  EventsMax events_max;  // from the next open() on
  std::string zip;
  base::ManualClock clock{base::from_unix_s(1'795'000'000)};
  base::ManualTimers timers{clock};
  base::RandomIds ids;
  Roles roles;
  Code code;
  NoLogs logs;
  NoMetrics metrics;
  PolicyOnly authorizer;
  AsGiven policies;
  wire::Caller caller;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<Lambda> room;
};

// A function is made, shown, run, changed, run again, and deleted.
TEST_F(LambdaTest, lives_through_its_operations) {
  CreateFunction::Input input = to_create();
  input.environment = variables("BC", "2");
  input.tags = std::map<std::string, std::string>{{"team", "t"}};
  const auto created = create(std::move(input));
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(created->function_arn, "arn:aws:lambda:us-east-1:123456789012:function:f");
  EXPECT_EQ(created->state, "Active");
  EXPECT_EQ(created->last_modified, "2026-11-18T11:06:40.000+0000");
  EXPECT_EQ(run(R"("env BC")")->payload.bytes, "\"2\"");

  UpdateFunctionConfiguration::Input change;
  change.function_name = "f";
  change.environment = variables("BC", "3");
  change.timeout = 9;
  ASSERT_TRUE(write(update_function_configuration(*room, caller, change)));
  EXPECT_EQ(run(R"("env BC")")->payload.bytes, "\"3\"");

  UpdateFunctionCode::Input code_change;
  code_change.function_name = "f";
  code_change.s3_bucket = "bucket";
  code_change.s3_key = "key.zip";
  const auto updated = wait(update_function_code(*room, caller, code_change));
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->code_sha256, created->code_sha256);
  EXPECT_NE(updated->revision_id, created->revision_id);
  EXPECT_EQ(updated->timeout, 9);

  GetFunction::Input get{.function_name = "123456789012:function:f:$LATEST"};
  EXPECT_EQ(get_function(*room, caller, get)->tags->at("team"), "t");
  ASSERT_TRUE(create(to_create("g")));
  ListFunctions::Input list;
  list.max_items = 1;
  const auto page = list_functions(*room, caller, list);
  ASSERT_EQ(page->functions.size(), 1u);
  list.marker = page->next_marker;
  EXPECT_EQ(list_functions(*room, caller, list)->functions.at(0).function_name, "g");
  ASSERT_TRUE(write(delete_function(*room, caller, {.function_name = "f"})));
  EXPECT_EQ(run("1").error().message, "Function not found: arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST");
}

// What AWS refuses is refused in its words.
TEST_F(LambdaTest, refuses_what_aws_refuses) {
  ASSERT_TRUE(create(to_create()));
  const auto refused = [&](const char* code, std::string_view message, auto change) {
    CreateFunction::Input input = to_create("other");
    change(input);
    const auto created = create(std::move(input));
    ASSERT_FALSE(created) << message;
    EXPECT_EQ(created.error().code, code) << message;
    EXPECT_EQ(created.error().message.substr(0, message.size()), message);
  };
  refused("ResourceConflictException", "Function already exist: f", [](auto& in) { in.function_name = "f"; });
  refused("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.",
          [](auto& in) { in.role = "arn:aws:iam::123456789012:role/stranger"; });
  refused("InvalidParameterValueException", "The runtime python3.12 is not supported by localcloud.",
          [](auto& in) { in.runtime = "python3.12"; });
  refused("InvalidParameterValueException",
          "Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs, ",
          [](auto& in) { in.runtime = "cobol"; });
  refused("InvalidParameterValueException", "Runtime and Handler are mandatory parameters",
          [](auto& in) { in.handler.reset(); });
  refused("InvalidParameterValueException", "Could not unzip uploaded file.",
          [](auto& in) { in.code.zip_file = wire::Blob{"PK"}; });
  refused("InvalidParameterValueException", "Please provide a source for function code.",
          [](auto& in) { in.code.zip_file.reset(); });
  refused(
      "InvalidParameterValueException",
      "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
      [](auto& in) { in.code = {.s3_bucket = "bucket", .s3_key = "none"}; });
  refused(
      "InvalidParameterValueException",
      "Lambda was unable to configure your environment variables because the environment variables you have provided "
      "contains reserved keys",
      [](auto& in) { in.environment = variables("AWS_REGION", "x"); });
  refused(
      "InvalidParameterValueException",
      "Lambda was unable to configure your environment variables because the environment variables you have provided "
      "exceeded the 4KB limit.",
      [](auto& in) { in.environment = variables("AB", std::string(4096, 'x')); });
  refused("ValidationException", "1 validation error detected: Value at 'environment.variables'",
          [](auto& in) { in.environment = variables("1A", "x"); });
  EXPECT_EQ(run("{").error().code, "InvalidRequestContentException");
  EXPECT_EQ(run(std::string(7'000'000, ' ')).error().http_status, 413);
  UpdateFunctionConfiguration::Input stale;
  stale.function_name = "f";
  stale.revision_id = "another";
  EXPECT_EQ(write(update_function_configuration(*room, caller, stale)).error().code, "PreconditionFailedException");
  GetFunction::Input elsewhere{.function_name = "arn:aws:lambda:eu-west-1:123456789012:function:f"};
  EXPECT_EQ(get_function(*room, caller, elsewhere).error().message,
            "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')");
}

// An answer, an error, a tail and a throttle, as Invoke shows them.
TEST_F(LambdaTest, invokes) {
  ASSERT_TRUE(create(to_create()));
  const auto answer = run(R"({"a":1})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status_code, 200);
  EXPECT_EQ(answer->payload.bytes, R"({"a":1})");
  EXPECT_EQ(answer->executed_version, "$LATEST");
  EXPECT_FALSE(answer->function_error);
  EXPECT_EQ(run(R"("error x")")->function_error, "Unhandled");
  EXPECT_EQ(run("")->payload.bytes, "{}");
  EXPECT_EQ(run("1", InvocationType::dry_run)->status_code, 204);
  Invoke::Input tail{.function_name = "f", .log_type = LogType::tail, .payload = {"1"}};
  EXPECT_TRUE(wait(invoke(*room, caller, tail))->log_result);
  ASSERT_TRUE(
      write(put_function_concurrency(*room, caller, {.function_name = "f", .reserved_concurrent_executions = 0})));
  const auto throttled = run("1");
  ASSERT_FALSE(throttled);
  EXPECT_EQ(throttled.error().code, "TooManyRequestsException");
  EXPECT_EQ(throttled.error().http_status, 429);
  EXPECT_EQ(throttled.error().members.at(0).second, "\"ReservedFunctionConcurrentInvocationLimitExceeded\"");
  ASSERT_TRUE(write(delete_function_concurrency(*room, caller, {.function_name = "f"})));
  EXPECT_EQ(run("1")->payload.bytes, "1");
}

// An event is gone once its function succeeded; one that fails is tried three times, a minute and two apart.
TEST_F(LambdaTest, works_events_off) {
  ASSERT_TRUE(create(to_create()));
  EXPECT_EQ(run("1", InvocationType::event)->status_code, 202);
  EXPECT_TRUE(eventually([&] { return waiting_events() == 0; }));
  ASSERT_TRUE(run(R"("error x")", InvocationType::event));
  const auto failures = [&] {
    int count = -1;
    every_event(*store->snapshot(), [&](const EventRecord& event) { count = event.failures; });
    return count;
  };
  EXPECT_TRUE(eventually([&] { return failures() == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  timers.advance(std::chrono::seconds(61));
  EXPECT_TRUE(eventually([&] { return failures() == 2; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  timers.advance(std::chrono::seconds(121));
  EXPECT_TRUE(eventually([&] { return waiting_events() == 0; }));
}

// An event that was accepted runs after the next start, where it didn't before the end.
TEST_F(LambdaTest, keeps_events_over_a_restart) {
  ASSERT_TRUE(create(to_create()));
  ASSERT_TRUE(
      write(put_function_concurrency(*room, caller, {.function_name = "f", .reserved_concurrent_executions = 0})));
  ASSERT_TRUE(run("1", InvocationType::event));
  const auto throttled = [&] {
    int count = 0;
    every_event(*store->snapshot(), [&](const EventRecord& event) { count = event.throttles; });
    return count > 0;
  };
  EXPECT_TRUE(eventually(throttled));
  ASSERT_TRUE(write(delete_function_concurrency(*room, caller, {.function_name = "f"})));
  close();
  clock.advance(std::chrono::seconds(2));
  open();
  EXPECT_TRUE(eventually([&] { return waiting_events() == 0; }));
  EXPECT_EQ(run("2")->payload.bytes, "2");
}

// Events that their function doesn't take wait up to a number and up to their payloads' bytes; then new ones are
// refused, also after a restart, until some are worked off.
TEST_F(LambdaTest, refuses_more_events_than_may_wait) {
  events_max = {.count = 3, .bytes = 1000};
  close();
  open();
  ASSERT_TRUE(create(to_create()));
  ASSERT_TRUE(
      write(put_function_concurrency(*room, caller, {.function_name = "f", .reserved_concurrent_executions = 0})));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(run("1", InvocationType::event));
  const auto refused = run("1", InvocationType::event);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "TooManyRequestsException");
  EXPECT_EQ(refused.error().message, "Rate Exceeded.");
  EXPECT_EQ(refused.error().http_status, 429);
  EXPECT_EQ(waiting_events(), 3u);
  close();
  open();
  EXPECT_FALSE(run("1", InvocationType::event));
  ASSERT_TRUE(write(delete_function_concurrency(*room, caller, {.function_name = "f"})));
  const auto advanced = [&] {
    timers.advance(std::chrono::seconds(2));
    return waiting_events() == 0;
  };
  EXPECT_TRUE(eventually(advanced));
  ASSERT_TRUE(
      write(put_function_concurrency(*room, caller, {.function_name = "f", .reserved_concurrent_executions = 0})));
  bool is_taken = false;
  ASSERT_TRUE(eventually([&] { return is_taken = is_taken || run(std::string(1000, '1'), InvocationType::event); }));
  EXPECT_FALSE(run("1", InvocationType::event));
}

// A function's address: made once, answered by the function, closed to whom its policy doesn't let in.
TEST_F(LambdaTest, answers_at_its_url) {
  ASSERT_TRUE(create(to_create()));
  CreateFunctionUrlConfig::Input input;
  input.function_name = "f";
  input.auth_type = UrlAuthType::none;
  const auto url = write(create_function_url_config(*room, caller, input));
  ASSERT_TRUE(url);
  const std::string id = *url_id_of(*room, {"123456789012", "us-east-1", "f"});
  EXPECT_EQ(url->function_url, "http://" + id + ".lambda-url.us-east-1.localhost:4566/");
  EXPECT_EQ(write(create_function_url_config(*room, caller, input)).error().code, "ResourceConflictException");

  const auto closed = visit(id, "hi");
  EXPECT_EQ(closed.status, 403);
  EXPECT_EQ(closed.body, R"({"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: )"
                         R"(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})");
  AddPermission::Input permission;
  permission.function_name = "f";
  permission.statement_id = "public";
  permission.action = "lambda:InvokeFunctionUrl";
  permission.principal = "*";
  permission.function_url_auth_type = UrlAuthType::none;
  const auto statement = write(add_permission(*room, caller, permission));
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_EQ(statement->statement,
            R"({"Sid":"public","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl",)"
            R"("Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",)"
            R"("Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}})");
  const auto open_reply = visit(id, "hi");
  EXPECT_EQ(open_reply.status, 200);
  const auto event = json::parse(open_reply.body);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->get_string("body"), "hi");
  EXPECT_EQ(authorizer.last.action, "lambda:InvokeFunctionUrl");
  EXPECT_EQ(visit(std::string(32, 'x'), "").status, 404);

  ASSERT_TRUE(write(remove_permission(*room, caller, {.function_name = "f", .statement_id = "public"})));
  EXPECT_EQ(visit(id, "hi").status, 403);
  EXPECT_EQ(get_policy(*room, caller, {.function_name = "f"}).error().code, "ResourceNotFoundException");
  UpdateFunctionUrlConfig::Input change;
  change.function_name = "f";
  change.auth_type = UrlAuthType::aws_iam;
  EXPECT_EQ(write(update_function_url_config(*room, caller, change))->auth_type, UrlAuthType::aws_iam);
  ASSERT_TRUE(write(delete_function_url_config(*room, caller, {.function_name = "f"})));
  EXPECT_EQ(visit(id, "hi").status, 404);
}

// What IAM is asked: the action on the function's ARN with its policy, and iam:PassRole for its role.
TEST_F(LambdaTest, asks_iam) {
  const auto accesses = access(*room, caller, to_create());
  ASSERT_EQ(accesses.size(), 2u);
  EXPECT_EQ(accesses[0].action, "lambda:CreateFunction");
  EXPECT_EQ(accesses[0].resource, "arn:aws:lambda:us-east-1:123456789012:function:f");
  EXPECT_EQ(accesses[1].action, "iam:PassRole");
  EXPECT_EQ(accesses[1].resource, "arn:aws:iam::123456789012:role/f");
  ASSERT_TRUE(create(to_create()));
  AddPermission::Input permission;
  permission.function_name = "f";
  permission.statement_id = "states";
  permission.action = "lambda:InvokeFunction";
  permission.principal = "states.amazonaws.com";
  permission.source_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
  permission.source_account = "123456789012";
  ASSERT_TRUE(write(add_permission(*room, caller, permission)));
  Invoke::Input input;
  input.function_name = "f";
  const auto invoking = access(*room, caller, input);
  EXPECT_EQ(invoking.at(0).action, "lambda:InvokeFunction");
  EXPECT_TRUE(invoking.at(0).resource_policy->contains("states.amazonaws.com"));
}

// Which names the model's pattern takes.
TEST(LambdaNames, are_checked) {
  for (const char* good :
       {"f", "my-function_1", "f:$LATEST", "123456789012:f", "123456789012:function:f", "function:f",
        "arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:lambda:us-east-1:123456789012:function:f:prod"}) {
    EXPECT_TRUE(is_function_name(good)) << good;
  }
  for (const char* bad : {"", "a b", "a/b", "arn:aws:s3:::bucket", "f:", "f:$OTHER", "../f", "f:a:b"}) {
    EXPECT_FALSE(is_function_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace localcloud::lambda
