// How fast is the pipeline? Acknowledged events a second, one by one and in batches of 100, until they are queryable
// too; how long an answered event takes to be found in the table; starts, and memory. With the functions linked and as
// processes, every write durable and every call authorized.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "bench/report.hpp"
#include "bench/server.hpp"
#include "json/parse.hpp"

namespace {

using namespace bench;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Pipeline {
 public:
  Pipeline(const Settings& settings, std::string functions)
      : settings_(settings),
        functions_(std::move(functions)),
        server_({"--events-port", "0", "--functions", functions_}) {}

  void measure() {
    show({.name = name("first start, with deployment"), .value = server_.start_ms(), .unit = "ms"});
    show({.name = name("memory, idle"), .value = server_.resident_mib(), .unit = "MiB"});
    invoke();
    queryable();
    one_by_one();
    in_batches();
    show({.name = name("memory, after load"), .value = server_.resident_mib(), .unit = "MiB"});
    server_.stop();
    server_.start();
    show({.name = name("second start"), .value = server_.start_ms(), .unit = "ms", .goal = 30});
  }

 private:
  std::string name(std::string_view what) const { return fmt::format("{}: {}", functions_, what); }

  void show(const Row& row) {
    if (row.name.find(settings_.only) != std::string::npos) print(settings_, row);
  }

  // Unlike any other, so that each is stored.
  std::string event(std::string_view user) {
    const std::uint64_t number = next_event_++;
    return fmt::format(
        R"({{"event_id":"bench-{0:016x}","type":"page_view","user_id":"{1}","timestamp":"2026-11-22T12:{2:02}:{3:02}.{4:03}Z",)"
        R"("properties":{{"url":"https://shop.example/products/{0}","title":"A product","referrer":"https://search.example/"}}}})",
        number, user, number / 60000 % 60, number / 1000 % 60, number % 1000);
  }

  std::string post(std::string_view body) const {
    return fmt::format(
        "POST /v1/events HTTP/1.1\r\nhost: {}\r\nx-write-key: {}\r\ncontent-type: application/json\r\ncontent-length: "
        "{}\r\n\r\n{}",
        events_.text(), server_.text("write_key"), body.size(), body);
  }

  std::vector<std::string> requests(int count, int batch) {
    std::vector<std::string> out;
    for (int number = 0; number < count; ++number) {
      std::string body = batch == 1 ? "" : "[";
      for (int i = 0; i < batch; ++i) {
        if (i > 0) body += ',';
        body += event(fmt::format("user-{}", next_event_ % 1000));
      }
      if (batch != 1) body += ']';
      out.push_back(post(body));
    }
    return out;
  }

  // The function's own health, so that nothing but the invocation is measured.
  void invoke() {
    const Call call{.service = "lambda",
                    .path = "/2015-03-31/functions/collect_to_s3/invocations",
                    .body =
                        R"({"version":"2.0","rawPath":"/v1/health","rawQueryString":"","headers":{"host":"localhost"},)"
                        R"("requestContext":{"http":{"method":"GET","path":"/v1/health","sourceIp":"127.0.0.1"}},)"
                        R"("isBase64Encoded":false})"};
    if (name("Invoke, warm").find(settings_.only) == std::string::npos) return;
    show(rate_of(server_, {server_.place(), {server_.request(call)}, settings_.connections, settings_.seconds},
                 name("Invoke, warm")));
  }

  int rows_of(std::string_view user) const {
    const std::string answer = server_.ask(json_call(
        "DynamoDB_20120810.Query",
        fmt::format(
            R"({{"TableName":"events","Select":"COUNT","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{{":p":{{"S":"user#{}"}}}}}})",
            user)));
    const auto parsed = json::parse(answer);
    return parsed ? static_cast<int>(parsed->get_int64("Count").value_or(0)) : 0;
  }

  // Waits until an event sent now is in the table: what was sent before it is, too.
  void settle() {
    const std::string user = fmt::format("settled-{}", next_event_);
    ask(events_, post(event(user)));
    for (const auto begin = Clock::now(); rows_of(user) == 0 && seconds_since(begin) < 300;)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  void queryable() {
    std::vector<double> times_ms;
    for (int number = 0; number < 200; ++number) {
      const std::string user = fmt::format("queryable-{}", number);
      ask(events_, post(event(user)));
      const auto answered = Clock::now();
      while (rows_of(user) == 0 && seconds_since(answered) < 10)
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      times_ms.push_back(seconds_since(answered) * 1000);
    }
    std::sort(times_ms.begin(), times_ms.end());
    show({.name = name("queryable after the answer, p99"), .value = times_ms[197], .unit = "ms"});
  }

  void one_by_one() {
    Load load{events_, requests(static_cast<int>(20000 * settings_.seconds), 1), settings_.connections,
              settings_.seconds};
    Row row = rate_of(server_, std::move(load), name("single events"));
    row.goal = 15000;
    settle();
    show(row);
  }

  void in_batches() {
    constexpr int kBatch = 100;
    Load load{events_, requests(static_cast<int>(2000 * settings_.seconds), kBatch), 8, settings_.seconds};
    const double cpu_before = server_.cpu_s();
    const auto begin = Clock::now();
    const Measured acknowledged = run(load);
    settle();
    const double events = static_cast<double>(acknowledged.answered) * kBatch;
    const double cpu_us = (server_.cpu_s() - cpu_before) * 1e6 / events;
    show({.name = name("batches of 100, acknowledged"),
          .value = acknowledged.per_s() * kBatch,
          .unit = "/s",
          .answers = acknowledged});
    show({.name = name("batches of 100, queryable"),
          .value = events / seconds_since(begin),
          .unit = "/s",
          .goal = 150000,
          .server_cpu_us = cpu_us});
  }

  const Settings& settings_;
  const std::string functions_;
  Server server_;
  const Place events_ = Place::of(server_.text("events"));
  std::uint64_t next_event_ = 1;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::measure_and_report(argc, argv, "The pipeline: events in over HTTP, durable, validated, queryable.",
                                   [](const Settings& settings) {
                                     for (const char* functions : {"linked", "process"})
                                       Pipeline(settings, functions).measure();
                                   });
}
