// Does it matter how much is stored? The same calls with ten thousand, a million, ten and twenty million items in the
// store (ten gigabytes), each beside what it was with the fewest; and how long such a store takes to open.

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <map>
#include <random>

#include "bench/report.hpp"
#include "bench/server.hpp"

namespace {

using namespace bench;

constexpr long kItemsOfKey = 100;   // items that share a partition key
constexpr long kItemsOfBatch = 25;  // BatchWriteItem's most
constexpr long kBatchesOfLoad = 2000;
constexpr std::size_t kValueBytes = 450;
constexpr int kDistinct = 20000;  // requests made ahead

std::string noise() {
  std::mt19937_64 chance;
  std::string text(1 << 20, ' ');
  for (char& c : text) c = static_cast<char>('0' + chance() % 75);
  std::replace(text.begin(), text.end(), '\\', '~');
  return text;
}

class Growth {
 public:
  explicit Growth(const Settings& settings) : settings_(settings) {}

  void measure() {
    show("growth: start, empty", {.value = server_.restart_ms(5), .unit = "ms"});
    server_.ask(json_call(
        "DynamoDB_20120810.CreateTable",
        R"({"TableName":"growth","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},)"
        R"({"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"
        R"({"AttributeName":"sk","AttributeType":"S"}]})"));
    server_.ask({.service = "s3", .method = "PUT", .path = "/growth"});
    for (const long items : {10'000L, 1'000'000L, 10'000'000L, 20'000'000L}) {
      if (items > settings_.items_max) break;
      grow_to(items);
      measure_at(items);
    }
    show("growth: stored", {.value = server_.stored_mib(), .unit = "MiB"});
    show("growth: start, grown", {.value = server_.restart_ms(5), .unit = "ms"});
    show("growth: memory, after a start", {.value = server_.resident_mib(), .unit = "MiB"});
  }

 private:
  static std::string key(long number) {
    return fmt::format(R"("pk":{{"S":"user-{:08}"}},"sk":{{"S":"{:08}"}})", number / kItemsOfKey, number % kItemsOfKey);
  }
  // About 500 bytes, which don't compress.
  std::string item(long number) const {
    const std::size_t at = static_cast<std::size_t>(number) * 7919 % (noise_.size() - kValueBytes);
    return fmt::format(R"({{{},"v":{{"S":"{}"}}}})", key(number), std::string_view(noise_).substr(at, kValueBytes));
  }

  std::vector<std::string> batches(long from, long to) const {
    std::vector<std::string> requests;
    for (long first = from; first < to; first += kItemsOfBatch) {
      std::string body = R"({"RequestItems":{"growth":[)";
      for (long number = first; number < std::min(first + kItemsOfBatch, to); ++number) {
        body += fmt::format(R"({}{{"PutRequest":{{"Item":{}}}}})", number == first ? "" : ",", item(number));
      }
      requests.push_back(server_.request(json_call("DynamoDB_20120810.BatchWriteItem", body + "]}}")));
    }
    return requests;
  }

  // The next requests are signed while the last are sent.
  void grow_to(long items) {
    const long step = kItemsOfBatch * kBatchesOfLoad;
    auto next = std::async(std::launch::async, [&] { return batches(items_, std::min(items_ + step, items)); });
    while (items_ < items) {
      Load load{
          .place = server_.place(), .requests = next.get(), .connections = 16, .until = Load::Until::all_are_sent};
      items_ = std::min(items_ + step, items);
      next = std::async(std::launch::async, [&] { return batches(items_, std::min(items_ + step, items)); });
      const Measured done = run(load);
      if (done.failed > 0) throw std::runtime_error("items could not be stored: " + done.failure);
      fmt::print(stderr, "\r{} of {} items stored, {:.0f} MiB ", items_, items, server_.stored_mib());
    }
    fmt::print(stderr, "\n");
  }

  void measure_at(long items) {
    std::mt19937_64 chance(static_cast<unsigned long>(items));
    const auto any = [&] { return static_cast<long>(chance() % static_cast<unsigned long>(items)); };
    rate("GetItem", items, [&](int) {
      return json_call("DynamoDB_20120810.GetItem",
                       fmt::format(R"({{"TableName":"growth","Key":{{{}}}}})", key(any())));
    });
    rate("Query of ten", items, [&](int) {
      return json_call("DynamoDB_20120810.Query",
                       fmt::format(R"({{"TableName":"growth","Limit":10,"KeyConditionExpression":"pk = :p",)"
                                   R"("ExpressionAttributeValues":{{":p":{{"S":"user-{:08}"}}}}}})",
                                   any() / kItemsOfKey));
    });
    rate("PutItem", items, [&](int) {
      return json_call("DynamoDB_20120810.PutItem", fmt::format(R"({{"TableName":"growth","Item":{}}})", item(any())));
    });
    const auto object = [](const char* method, int number, std::string body) {
      return Call{
          .service = "s3", .method = method, .path = fmt::format("/growth/{}", number), .body = std::move(body)};
    };
    rate("PutObject 1 KB", items, [&](int number) { return object("PUT", number, std::string(1000, 'o')); });
    rate("GetObject 1 KB", items, [&](int number) { return object("GET", number % 5000, ""); });
  }

  template <class Make>
  void rate(const std::string& what, long items, Make&& make) {
    if (fmt::format("growth: {}", what).find(settings_.only) == std::string::npos) return;
    Load load{.place = server_.place(), .connections = settings_.connections, .seconds = settings_.seconds};
    for (int number = 0; number < kDistinct; ++number) load.requests.push_back(server_.request(make(number)));
    const std::string name = fmt::format("growth: {}, {} items", what, items);
    const Row row = rate_of(server_, std::move(load), name);
    show(name, row, what + "/s");
    show(name + ", p50", {.value = row.answers->p50_ms, .unit = "ms"}, what + " p50");
    show(name + ", p99", {.value = row.answers->p99_ms, .unit = "ms"}, what + " p99");
    show(name + ", CPU", {.value = row.server_cpu_us, .unit = "us"}, what + " CPU");
  }

  // What was measured first under a name is what the later ones are held against.
  void show(std::string name, Row row, const std::string& compared_as = {}) {
    if (name.find(settings_.only) == std::string::npos) return;
    row.name = std::move(name);
    if (!compared_as.empty()) {
      const auto [fewest, first] = with_fewest_.emplace(compared_as, row.value);
      if (!first && fewest->second > 0) row.limit = Limit{"that with the fewest", fewest->second};
    }
    print(settings_, row);
  }

  const Settings& settings_;
  Server server_{{"--empty"}};
  const std::string noise_ = noise();
  long items_ = 0;
  std::map<std::string, double> with_fewest_;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::measure_and_report(
      argc, argv, "The same calls with ever more items in the store, and starts with and without them.",
      [](const Settings& settings) { Growth(settings).measure(); });
}
