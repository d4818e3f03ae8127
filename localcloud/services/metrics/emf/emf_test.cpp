// Which metrics a log line adds.

#include "localcloud/services/metrics/emf/emf.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace localcloud::metrics::emf {
namespace {

const Place kPlace{"111122223333", "eu-west-1"};
const base::Time kNow = base::from_unix_ms(1'700'000'030'000);

std::size_t count(std::string_view line) {
  Increments increments;
  extract(line, kPlace, kNow, increments);
  return increments.size();
}

std::string line(std::string_view directive, std::string_view rest, std::string_view timestamp = "1700000030000") {
  return R"({"_aws":{"Timestamp":)" + std::string(timestamp) + R"(,"CloudWatchMetrics":[)" + std::string(directive) +
         "]}," + std::string(rest) + "}";
}

// How many metrics each line makes: each name in each set of dimensions.
TEST(Emf, CountsWhatIsThere) {
  constexpr std::string_view kDirective =
      R"({"Namespace":"N","Dimensions":[["fn"],["fn","type"]],"Metrics":[{"Name":"a","Unit":"Count"},{"Name":"b"}]})";
  EXPECT_EQ(count(line(kDirective, R"("fn":"f","type":"t","a":1,"b":[1,2,3])")), 4u);
  EXPECT_EQ(count(line(kDirective, R"("fn":"f","a":1,"b":2)")), 2u) << "a set with a missing dimension is left out";
  EXPECT_EQ(count(line(kDirective, R"("fn":"f","type":"t","a":"1","b":[])")), 0u) << "values are numbers";
  EXPECT_EQ(count(line(kDirective, R"("fn":1,"type":"t","a":1)")), 0u) << "dimensions are strings";
  EXPECT_EQ(count(line(R"({"Namespace":"N","Metrics":[{"Name":"a"}]})", R"("a":1)")), 1u) << "no dimensions";
  EXPECT_EQ(count(line(R"({"Namespace":"N","Dimensions":[[]],"Metrics":[{"Name":"x.y"}]})", R"("x":{"y":1})")), 0u)
      << "names are not paths";
  EXPECT_EQ(
      count(line(R"({"Namespace":"N","Metrics":[{"Name":"a","Unit":"Parsecs"},{"Name":"b"}]})", R"("a":1,"b":1)")), 1u)
      << "one bad metric doesn't harm the next";
  EXPECT_EQ(count(line(kDirective, R"("fn":"f","type":"t","a":1,"b":1)", "1600000000000")), 0u) << "too old";
  EXPECT_EQ(count(line(kDirective, R"("fn":"f","type":"t","a":1,"b":1)", "1700010000000")), 0u) << "too new";
}

// Lines that aren't EMF, or only nearly, add nothing and harm nothing.
TEST(Emf, IgnoresTheRest) {
  for (
      const std::string_view text :
      {"", "START RequestId: x", "{\"a\":1}", R"({"_aws":{},"CloudWatchMetrics":1})",
       R"({"_aws":{"Timestamp":"x","CloudWatchMetrics":[]}})", R"({"_aws":{"Timestamp":1,"CloudWatchMetrics":{}})",
       R"({"_aws":{"Timestamp":1700000030000,"CloudWatchMetrics":[1,{},{"Namespace":"","Metrics":[{"Name":"a"}]}]},"a":1})"}) {
    EXPECT_EQ(count(text), 0u) << text;
  }
  std::string values = "1";
  for (int i = 0; i < 100; ++i) values += ",1";
  EXPECT_EQ(count(line(R"({"Namespace":"N","Metrics":[{"Name":"a"}]})", "\"a\":[" + values + "]")), 0u);
}

// What was extracted, over two transactions, is one datapoint of its minute in the store.
TEST(Emf, AddsUpInTheStore) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / ("emf" + std::to_string(getpid()));
  {
    storage::Store store({.folder = folder, .sync = storage::StoreOptions::Sync::never});
    for (int i = 0; i < 2; ++i) {
      Increments increments;
      extract(line(R"({"Namespace":"N","Dimensions":[["d"]],"Metrics":[{"Name":"a","Unit":"Milliseconds"}]})",
                   R"("d":"x","a":[1,2])"),
              kPlace, kNow, increments);
      (void)store.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
        increments.apply(transaction, kNow);
        return Done{};
      });
    }
    const auto reader = store.snapshot();
    const auto metric = find_metric(*reader, kPlace, {"N", "a", {{"d", "x"}}});
    ASSERT_TRUE(metric);
    int points = 0;
    scan_points(*reader, metric->id, 0, INT64_MAX, [&](std::int64_t start_s, Unit unit, const Aggregate& aggregate) {
      ++points;
      EXPECT_EQ(start_s, 1'699'999'980 + 0);
      EXPECT_EQ(unit, Unit::milliseconds);
      EXPECT_EQ(aggregate.count(), 4);
      EXPECT_EQ(aggregate.sum(), 6);
    });
    EXPECT_EQ(points, 1);

    std::vector<std::string> names;
    scan_metrics(*reader, kPlace, {.name_space = "N"}, "", [&](std::string_view, const StoredMetric& stored) {
      names.push_back(stored.metric.name);
      EXPECT_EQ(stored.metric, metric->metric);
      return storage::Step::go_on;
    });
    EXPECT_EQ(names, std::vector<std::string>{"a"});

    EXPECT_EQ(sweep_metrics(store, kNow), 0u);
    EXPECT_EQ(sweep_metrics(store, kNow + std::chrono::hours(24 * 16)), 1u);
    EXPECT_FALSE(find_metric(*store.snapshot(), kPlace, metric->metric));
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace localcloud::metrics::emf
