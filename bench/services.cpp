// How many signed and authorized calls a second do the services answer? Each figure beside what the machine allows: a
// bare epoll loop for reads, a bare RocksDB writer for writes.

#include <fmt/core.h>

#include <thread>

#include "base/text.hpp"
#include "bench/limits.hpp"
#include "bench/report.hpp"
#include "bench/server.hpp"
#include "json/parse.hpp"

namespace {

using namespace bench;

constexpr int kDistinct = 20000;  // requests made ahead

template <typename Make>
std::vector<std::string> requests(const Server& server, int count, Make&& make) {
  std::vector<std::string> out;
  out.reserve(static_cast<std::size_t>(count));
  for (int number = 0; number < count; ++number) out.push_back(server.request(make(number)));
  return out;
}

class Services {
 public:
  explicit Services(const Settings& settings) : settings_(settings) {}

  void measure() {
    if (settings_.only.empty()) limits();
    dynamodb();
    s3();
    stepfunctions();
  }

 private:
  Load load(std::vector<std::string> made) const {
    return {server_.place(), std::move(made), settings_.connections, settings_.seconds};
  }

  void limits() {
    Load health = load({"GET /_localcloud/health HTTP/1.1\r\nhost: localhost\r\n\r\n"});
    http_.value = epoll_floor(health).measured.per_s();
    rocksdb_.value = rocksdb_puts_per_s(64, 500, settings_.seconds);
    disk_.value = disk_speed(1 << 28).written_per_s / 1e6;
    Row row = rate_of(server_, health, "http: health, a durable write each");
    row.limit = rocksdb_;
    print(settings_, row);
  }

  void show(Load load, std::string name, const Limit& limit, double goal) {
    if (name.find(settings_.only) == std::string::npos) return;
    Row row = rate_of(server_, std::move(load), std::move(name));
    if (limit.value > 0) row.limit = limit;
    row.goal = goal;
    print(settings_, row);
  }

  void dynamodb() {
    server_.ask(json_call(
        "DynamoDB_20120810.CreateTable",
        R"({"TableName":"bench","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],)"
        R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}]})"));
    const std::string value(450, 'v');
    show(
        load(requests(server_, kDistinct,
                      [&](int number) {
                        return json_call(
                            "DynamoDB_20120810.PutItem",
                            fmt::format(R"({{"TableName":"bench","Item":{{"pk":{{"S":"item-{}"}},"v":{{"S":"{}"}}}}}})",
                                        number, value));
                      })),
        "dynamodb: PutItem 500 B", rocksdb_, 25000);
    show(load(requests(server_, kDistinct,
                       [](int number) {
                         return json_call(
                             "DynamoDB_20120810.GetItem",
                             fmt::format(R"({{"TableName":"bench","Key":{{"pk":{{"S":"item-{}"}}}}}})", number));
                       })),
         "dynamodb: GetItem 500 B", http_, 45000);
  }

  void s3() {
    server_.ask({.service = "s3", .method = "PUT", .path = "/bench-bucket"});
    const auto put = [](std::size_t bytes) {
      return [body = std::string(bytes, 'o'), bytes](int number) {
        return Call{
            .service = "s3", .method = "PUT", .path = fmt::format("/bench-bucket/{}/{}", bytes, number), .body = body};
      };
    };
    const auto get = [](std::size_t bytes) {
      return [bytes](int number) {
        return Call{.service = "s3", .method = "GET", .path = fmt::format("/bench-bucket/{}/{}", bytes, number)};
      };
    };
    show(load(requests(server_, kDistinct, put(1000))), "s3: PutObject 1 KB", rocksdb_, 20000);
    show(load(requests(server_, 5000, get(1000))), "s3: GetObject 1 KB", http_, 40000);
    const Limit disk_objects{"the disk", disk_.value};
    show(load(requests(server_, 50, put(1000000))), "s3: PutObject 1 MB", disk_objects, disk_.value);
    show(load(requests(server_, 50, get(1000000))), "s3: GetObject 1 MB", http_, disk_.value);
  }

  void stepfunctions() {
    const std::string role = fmt::format("arn:aws:iam::{}:role/bench", server_.text("account"));
    server_.ask({.service = "iam",
                 .headers = {{"content-type", "application/x-www-form-urlencoded"}},
                 .body = "Action=CreateRole&Version=2010-05-08&RoleName=bench&AssumeRolePolicyDocument="
                         "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%"
                         "22Principal%22%3A%7B%22Service%22%3A%22"
                         "states.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%7D"});
    const std::string definition =
        R"({\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":{\"n\":2},\"Next\":\"B\"},)"
        R"(\"B\":{\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.n\",\"NumericGreaterThan\":1,\"Next\":\"C\"}]},\"C\":{\"Type\":\"Pass\",\"End\":true}}})";
    for (const auto& [type, goal] : {std::pair{"EXPRESS", 15000.0}, std::pair{"STANDARD", 5000.0}}) {
      server_.ask(json_call(
          "AWSStepFunctions.CreateStateMachine",
          fmt::format(R"({{"name":"{0}","type":"{0}","roleArn":"{1}","definition":"{2}"}})", type, role, definition)));
      const std::string machine =
          fmt::format("arn:aws:states:{}:{}:stateMachine:{}", server_.text("region"), server_.text("account"), type);
      const auto calls = [&](std::string_view operation) {
        return load(requests(server_, kDistinct, [&](int) {
          return json_call(fmt::format("AWSStepFunctions.{}", operation),
                           fmt::format(R"({{"stateMachineArn":"{}","input":"{{}}"}})", machine));
        }));
      };
      show(calls("StartExecution"), fmt::format("stepfunctions: StartExecution, {}", type), rocksdb_, goal);
      finished(calls("StartExecution"), fmt::format("stepfunctions: to finished, {}", type), machine, goal);
      if (type == std::string_view("EXPRESS"))
        show(calls("StartSyncExecution"), "stepfunctions: StartSyncExecution", http_, goal);
    }
  }

  // Executions a second, counted until the last of them has ended.
  void finished(const Load& load, std::string name, const std::string& machine, double goal) {
    if (name.find(settings_.only) == std::string::npos) return;
    const double before = succeeded(machine);
    const auto begin = std::chrono::steady_clock::now();
    const Measured started = run(load);
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    while (succeeded(machine) < before + static_cast<double>(started.answered) && seconds() < 300)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    // Metrics are written once a second, so that the end shows up to a second late.
    Row row{.name = std::move(name), .unit = "/s", .goal = goal};
    row.value = static_cast<double>(started.answered) / std::max(started.seconds, seconds() - 1);
    if (rocksdb_.value > 0) row.limit = rocksdb_;
    print(settings_, row);
  }

  // How many executions of the machine have succeeded, once those that have ended are counted.
  double succeeded(const std::string& machine) const {
    const std::int64_t now_s = base::to_unix_s(base::SystemClock().now());
    Call call = json_call(
        "GraniteServiceVersion20100801.GetMetricStatistics",
        fmt::format(R"({{"Namespace":"AWS/States","MetricName":"ExecutionsSucceeded","StartTime":{},"EndTime":{},)"
                    R"("Dimensions":[{{"Name":"StateMachineArn","Value":"{}"}}],"Period":60,"Statistics":["Sum"]}})",
                    now_s / 60 * 60 - 3600, now_s / 60 * 60 + 60, machine));
    call.service = "monitoring";
    const auto answer = json::parse(server_.ask(call));
    double sum = 0;
    for (const json::Value& point : answer->find("Datapoints")->as_array())
      sum += point.find("Sum")->as_number().as_double();
    return sum;
  }

  const Settings& settings_;
  Server server_{{"--empty"}};
  Limit http_{"bare epoll"}, rocksdb_{"bare RocksDB, batches of 64"}, disk_{"the disk, MB/s"};
};

}  // namespace

int main(int argc, char** argv) {
  return bench::measure_and_report(argc, argv, "Calls a second of the services, signed and authorized, writes durable.",
                                   [](const Settings& settings) { Services(settings).measure(); });
}
