// event-pipeline: builds every part by hand, in order, and joins them. The only file that knows them all.

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <iostream>
#include <thread>

#include "aws/crypto.hpp"
#include "json/write.hpp"
#include "localcloud/data_folder.hpp"
#include "localcloud/deployment.hpp"
#include "localcloud/housekeeping.hpp"
#include "localcloud/joins/alarm_actions.hpp"
#include "localcloud/joins/assumed_roles.hpp"
#include "localcloud/joins/code.hpp"
#include "localcloud/joins/linked_functions.hpp"
#include "localcloud/joins/policies.hpp"
#include "localcloud/joins/roles.hpp"
#include "localcloud/joins/telemetry.hpp"
#include "localcloud/options.hpp"
#include "localcloud/ready.hpp"
#include "localcloud/services/dynamodb/service.hpp"
#include "localcloud/services/iam/authorizer.hpp"
#include "localcloud/services/iam/credentials.hpp"
#include "localcloud/services/iam/service.hpp"
#include "localcloud/services/lambda/service.hpp"
#include "localcloud/services/logs/service.hpp"
#include "localcloud/services/logs/sweeper.hpp"
#include "localcloud/services/metrics/alarms/evaluator.hpp"
#include "localcloud/services/metrics/service.hpp"
#include "localcloud/services/s3/service.hpp"
#include "localcloud/services/stepfunctions/service.hpp"
#include "localcloud/services/stepfunctions/sweep.hpp"
#include "localcloud/services/sts/service.hpp"
#include "localcloud/wire/http/server.hpp"
#include "localcloud/wire/router.hpp"

namespace localcloud {
namespace {

using namespace std::chrono_literals;

std::size_t thread_count(const ServeOptions& options) {
  return options.threads > 0 ? options.threads : std::max(2u, std::thread::hardware_concurrency());
}

// Each connection is a descriptor; the store, the bodies and the functions need some, too.
std::size_t connections_max() {
  constexpr std::size_t kEnough = 20'000, kForOthers = 2048;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kForOthers;
  const std::size_t descriptors = limit.rlim_cur;
  return std::min(kEnough, std::max(descriptors / 2, descriptors - std::min(descriptors, kForOthers)));
}

// Of the memory that all may take: a quarter for requests and answers, half for running executions, a sixteenth for log
// lines that wait to be written; the rest is for what is bounded by number.
std::size_t memory_bytes(const ServeOptions& options, std::size_t share) {
  return (options.memory_mib << 20) / share;
}

std::string loopback_url(const std::string& bind, std::uint16_t port) {
  const std::string host = bind == "0.0.0.0" || bind == "::" ? "127.0.0.1" : bind;
  return "http://" + host + ":" + std::to_string(port);
}

// Removes what has expired, as much as there is.
Task<void> sweep_items(dynamodb::DynamoDb& room) {
  for (bool more = true; more;) more = co_await dynamodb::sweep(room);
}

// Everything that runs, in the order in which it is built; it goes in the reverse order.
class Stage {
 public:
  Stage(const ServeOptions& options, const DataFolder& folder);
  ~Stage() { server_.stop(); }

  // Takes requests, goes on with what ran when the process ended, and deploys the pipeline where that is wanted.
  void start();

  std::string describe() const { return router_.describe(); }
  std::uint16_t port() const { return port_; }
  std::uint16_t events_port() const { return events_port_; }

 private:
  void open_accounts();
  void keep_house();
  std::vector<wire::Service> front_desks();
  Task<wire::http::Reply> health();
  Task<wire::http::Reply> function_url(std::string url_id, wire::http::Request& request, wire::http::Body& body);
  Task<wire::http::Reply> collect(wire::http::Request& request, wire::http::Body& body);
  wire::Caller root_caller() const;

  const ServeOptions& options_;
  const DataFolder& folder_;
  base::SystemClock clock_;
  base::RandomIds ids_;
  wire::http::Server server_;  // its workers' queues outlive the store, whose lane posts to them till its end
  storage::Damage damage_;
  storage::Store store_;
  storage::Blobs blobs_;
  base::ThreadTimers timers_{clock_};
  std::uint16_t port_;
  std::uint16_t events_port_ = 0;

  iam::Authorizer authorizer_{store_};
  Policies policies_{store_};
  iam::RoleSessions sessions_;
  iam::Seal access_key_seal_;
  iam::Credentials credentials_{store_, access_key_seal_, sessions_};
  wire::Verifier verifier_{credentials_, clock_};

  LoggedMetrics logged_metrics_{clock_};
  logs::Writer log_writer_;
  metrics::Recorder recorder_{store_, clock_};

  LambdaRoles lambda_roles_{sessions_};
  LambdaLogs lambda_logs_{log_writer_, sessions_, authorizer_, clock_};
  LambdaMetrics lambda_metrics_{recorder_};
  StateMachineRoles state_machine_roles_{sessions_, clock_, ids_};
  ServiceCalls service_calls_{state_machine_roles_, authorizer_};
  FunctionCalls function_calls_{state_machine_roles_, authorizer_};
  StateMachineLogs state_machine_logs_{log_writer_};
  StateMachineMetrics state_machine_metrics_{recorder_};

  iam::Iam iam_{store_, clock_, ids_, access_key_seal_};
  AssumedRoles assumed_roles_{sessions_};
  sts::Sts sts_{assumed_roles_};
  s3::S3 s3_{store_, blobs_, clock_, ids_, authorizer_, policies_};
  FunctionCode function_code_{s3_, authorizer_};
  logs::Logs logs_{store_, clock_, &logged_metrics_};
  AlarmActions alarm_actions_{clock_, ids_};
  metrics::Metrics metrics_{store_, clock_, alarm_actions_};
  dynamodb::DynamoDb dynamodb_{store_, clock_, ids_};
  stepfunctions::Runner runner_;
  stepfunctions::StepFunctions stepfunctions_{store_, clock_, ids_, runner_};
  LinkedFunctions linked_functions_{{s3_, stepfunctions_, dynamodb_, authorizer_, clock_, ids_}, sessions_, timers_};
  lambda::Lambda lambda_;  // after the rooms that its linked functions call

  wire::Router router_;
  Housekeeping housekeeping_{clock_};
  metrics::alarms::Evaluator alarms_{store_, timers_, housekeeping_.thread(), server_.worker(0), alarm_actions_};
};

Stage::Stage(const ServeOptions& options, const DataFolder& folder)
    : options_(options),
      folder_(folder),
      server_({.threads = thread_count(options),
               .connections_max = connections_max(),
               .memory_bytes_max = memory_bytes(options, 4)}),
      store_({.folder = folder.store(),
              .sync = options.keep == ServeOptions::Keep::data ? storage::StoreOptions::Sync::every_commit
                                                               : storage::StoreOptions::Sync::never,
              .damage = &damage_}),
      blobs_(folder.blobs().string(), ids_, &damage_),
      port_(server_.listen(
          options.bind, options.port,
          [this](wire::http::Request& request, wire::http::Body& body) { return router_.handle(request, body); })),
      sessions_(store_, folder.secret_key, clock_, ids_),
      access_key_seal_(iam::access_key_seal(folder.secret_key, ids_)),
      log_writer_(store_, clock_, &logged_metrics_, {.queued_bytes_max = memory_bytes(options, 16)}),
      runner_(store_, timers_, ids_, server_.worker(0), service_calls_, function_calls_, state_machine_logs_,
              state_machine_metrics_, {.bytes = memory_bytes(options, 2)}),
      lambda_(store_, clock_, ids_, timers_,
              {lambda_roles_, function_code_, lambda_logs_, lambda_metrics_, authorizer_, policies_,
               options.functions == ServeOptions::Functions::linked ? &linked_functions_ : nullptr},
              {.folder = folder.functions(), .endpoint_url = loopback_url(options.bind, port_)}),
      router_(
          front_desks(), verifier_, authorizer_, clock_, ids_,
          {.health = [this] { return health(); },
           .function_url = [this](std::string url_id, wire::http::Request& request,
                                  wire::http::Body& body) { return function_url(std::move(url_id), request, body); }}) {
  service_calls_.join(router_);
  function_calls_.join(lambda_, router_);
  alarm_actions_.join(router_);
  if (options.deploy == ServeOptions::Deploy::pipeline) {
    events_port_ =
        server_.listen(options.bind, options.events_port,
                       [this](wire::http::Request& request, wire::http::Body& body) { return collect(request, body); });
  }
  open_accounts();
  s3::sweep_orphans(s3_);
}

std::vector<wire::Service> Stage::front_desks() {
  return {s3::front_desk(s3_),         dynamodb::front_desk(dynamodb_),
          lambda::front_desk(lambda_), stepfunctions::front_desk(stepfunctions_),
          logs::front_desk(logs_),     metrics::front_desk(metrics_),
          iam::front_desk(iam_),       sts::front_desk(sts_)};
}

void Stage::open_accounts() {
  check_data_folder(folder_, store_);
  std::vector<iam::GivenAccount> accounts = {
      {folder_.account.id, folder_.account.access_key_id, folder_.account.secret_access_key}};
  for (const AccountOption& account : options_.accounts) {
    accounts.push_back({account.id, account.access_key_id, account.secret_access_key});
  }
  for (const iam::GivenAccount& account : accounts) {
    const auto opened = iam::open_account(store_, access_key_seal_, clock_, ids_, account);
    if (!opened) throw std::runtime_error("account " + account.account + ": " + opened.error().message);
  }
}

void Stage::keep_house() {
  housekeeping_.every(10s, "expired items", std::function<Task<void>()>([this] { return sweep_items(dynamodb_); }));
  housekeeping_.every(1h, "expired objects", std::function<void()>([this] { s3::expire_objects(s3_, clock_.now()); }));
  housekeeping_.every(5min, "log retention", std::function<void()>([this] { logs::sweep(store_, clock_.now()); }));
  housekeeping_.every(1h, "metric retention",
                      std::function<void()>([this] { metrics::sweep_metrics(store_, clock_.now()); }));
  housekeeping_.every(1h, "ended executions",
                      std::function<void()>([this] { stepfunctions::sweep(store_, clock_.now()); }));
}

Task<void> deploy_and_tell(DeploymentOptions options, wire::Router& router, storage::Store& store, wire::Caller caller,
                           std::promise<void>& done) {
  try {
    co_await deploy(std::move(options), router, store, std::move(caller));
    done.set_value();
  } catch (...) {
    done.set_exception(std::current_exception());
  }
}

void Stage::start() {
  server_.start();
  runner_.resume();
  keep_house();
  if (options_.deploy == ServeOptions::Deploy::nothing) return;
  std::promise<void> done;
  server_.worker(0).post([&] {
    DeploymentOptions deployment{
        .root = options_.deployment, .packages = options_.packages, .write_key = folder_.write_key};
    base::spawn(deploy_and_tell(std::move(deployment), router_, store_, root_caller(), done));
  });
  done.get_future().get();
}

wire::Caller Stage::root_caller() const {
  wire::Caller caller;
  caller.principal = {.kind = wire::Principal::Kind::root,
                      .account = folder_.account.id,
                      .arn = "arn:aws:iam::" + folder_.account.id + ":root",
                      .id = folder_.account.id};
  caller.account = folder_.account.id;
  caller.region = folder_.account.region;
  caller.source_ip = "127.0.0.1";
  caller.user_agent = "event-pipeline";
  caller.time = clock_.now();
  return caller;
}

// Whether the process lives, whether it can take durable writes (it makes one), and what was found damaged. Damage is
// told with a 200: a restart, which is what a 503 asks for, wouldn't mend it.
Task<wire::http::Reply> Stage::health() {
  json::Object health{{"status", "ok"}, {"durable_writes", true}};
  if (const auto damage = damage_.last()) {
    health.set("status", "damaged");
    health.set("damage", *damage);
  }
  wire::http::Reply reply{.status = 200};
  try {
    co_await store_.probe();
  } catch (const storage::StorageFailure& failure) {
    reply.status = 503;
    health.set("status", "can't write");
    health.set("durable_writes", false);
    health.set("reason", failure.what());
  }
  reply.headers.emplace_back("Content-Type", "application/json");
  reply.body = json::write(json::Value(std::move(health))) + "\n";
  co_return reply;
}

// A request to a function's URL: signed (AWS_IAM) or not (NONE).
Task<wire::http::Reply> Stage::function_url(std::string url_id, wire::http::Request& request, wire::http::Body& body) {
  const wire::RequestHead head{request.method, request.path, request.query, request.headers};
  std::optional<wire::Caller> caller;
  if (!wire::claimed_scope(head))
    co_return co_await lambda::handle_url(lambda_, std::move(url_id), request, body, caller);
  static constexpr std::size_t kBodyMax = 6 << 20;
  Result<std::string> whole;
  bool overloaded = false;
  try {
    whole = co_await wire::http::read_all(body, kBodyMax);
  } catch (const wire::http::Overloaded&) {
    overloaded = true;
  }
  if (overloaded) co_return lambda::url_throttled();
  if (!whole) co_return wire::http::Reply{.status = 413};
  const std::string hash = aws::sha256_hex(*whole);
  const Result<wire::Verified> verified = verifier_.verify(head, wire::ErrorFamily::rest_json, hash);
  if (!verified) {
    wire::http::Reply refused{.status = 403};
    refused.headers.emplace_back("Content-Type", "application/json");
    refused.body = json::write(json::Object{{"Message", verified.error().message}});
    co_return refused;
  }
  caller.emplace();
  caller->principal = verified->credential.principal;
  caller->account = caller->principal.account;
  caller->region = verified->scope.region;
  caller->source_ip = request.source_ip;
  caller->time = clock_.now();
  wire::http::StringBody read(std::move(*whole));
  co_return co_await lambda::handle_url(lambda_, std::move(url_id), request, read, caller);
}

// The events port: the URL of collect_to_s3, at the root of a bare host, which SDKs want.
Task<wire::http::Reply> Stage::collect(wire::http::Request& request, wire::http::Body& body) {
  const std::optional<std::string> url_id =
      lambda::url_id_of(lambda_, {folder_.account.id, folder_.account.region, "collect_to_s3"});
  if (!url_id) {
    wire::http::Reply reply{.status = 503};
    reply.headers.emplace_back("Retry-After", "1");
    reply.headers.emplace_back("Content-Type", "application/json");
    reply.body = json::write(json::Object{{"error", "collect_to_s3 has no function URL; is the pipeline deployed?"}});
    co_return reply;
  }
  wire::http::Reply reply = co_await lambda::handle_url(lambda_, *url_id, request, body, std::nullopt);
  if (reply.status == 429) reply.headers.emplace_back("Retry-After", "1");
  co_return reply;
}

// A folder that goes when the process does.
class ThrowawayFolder {
 public:
  ThrowawayFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "event-pipeline-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder could be made in the temporary folder");
    path_ = pattern;
  }
  ~ThrowawayFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Each connection is a descriptor, and the soft limit is often 1,024. Functions get a limit of their own.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(ServeOptions options) {
  // Signals are waited for on this thread alone; every thread that starts inherits that.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  allow_many_descriptors();

  std::optional<ThrowawayFolder> throwaway;
  if (options.keep == ServeOptions::Keep::nothing) options.data = throwaway.emplace().path();
  base::RandomIds ids;
  const DataFolder folder = open_data_folder(options.data, options.region, ids);
  Stage stage(options, folder);
  stage.start();
  const Ready ready{options.bind, stage.port(), stage.events_port()};
  const bool as_json = options.print == ServeOptions::Print::json;
  std::cout << (as_json ? ready_json(ready, options, folder) : ready_text(ready, options, folder)) << std::flush;
  int signal = 0;
  sigwait(&ending, &signal);
  return 0;
}

// The operations' declarations don't depend on what is stored, so a throwaway server tells them.
int describe() {
  ServeOptions options;
  options.deploy = ServeOptions::Deploy::nothing;
  options.keep = ServeOptions::Keep::nothing;
  options.port = 0;
  const ThrowawayFolder throwaway;
  base::RandomIds ids;
  const DataFolder folder = open_data_folder(throwaway.path(), options.region, ids);
  const Stage stage(options, folder);
  std::cout << stage.describe() << std::flush;
  return 0;
}

}  // namespace
}  // namespace localcloud

int main(int argc, char** argv) {
  int exit_status = 0;
  const auto command_line = localcloud::parse_command_line(argc, argv, exit_status);
  if (!command_line) return exit_status;
  try {
    if (command_line->verb == localcloud::Verb::operate) return command_line->operate->run();
    if (command_line->verb == localcloud::Verb::describe) return localcloud::describe();
    return localcloud::serve(command_line->serve);
  } catch (const std::exception& error) {
    std::cerr << "event-pipeline: " << error.what() << "\n";
    return 1;
  }
}
