// Aggregates: what they answer, that merging loses nothing, and that their bytes read back.

#include "localcloud/services/metrics/aggregate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace localcloud::metrics {
namespace {

Aggregate of(std::initializer_list<double> values) {
  Aggregate aggregate;
  for (const double value : values) aggregate.add(value);
  return aggregate;
}

// The five plain statistics and exact percentiles of a few values.
TEST(Aggregate, Statistics) {
  const Aggregate aggregate = of({4, 1, 3, 2, -10});
  struct Case {
    std::string_view statistic;
    double value;
  };
  for (const Case& c : std::initializer_list<Case>{{"SampleCount", 5},
                                                   {"Sum", 0},
                                                   {"Average", 0},
                                                   {"Minimum", -10},
                                                   {"Maximum", 4},
                                                   {"p0", -10},
                                                   {"p20", -10},
                                                   {"p50", 2},
                                                   {"p60", 2},
                                                   {"p99.9", 4},
                                                   {"p100", 4}}) {
    EXPECT_EQ(Statistic::parse(c.statistic)->of(aggregate), c.value) << c.statistic;
  }
  for (const std::string_view text : {"sum", "p", "p101", "p-1", "p1e1", "tm99", "", "pinf"}) {
    EXPECT_FALSE(Statistic::parse(text)) << text;
  }
  EXPECT_FALSE(Statistic::parse("p50")->of(Aggregate()));
}

// However many values: percentiles within 1 %, in any order of merging, in a small record.
TEST(Aggregate, ManyValuesStayAccurateAndSmall) {
  Aggregate whole;
  Aggregate parts[10];
  for (int i = 1; i <= 100'000; ++i) {
    whole.add(i / 100.0);
    parts[i % 10].add(i / 100.0);
  }
  Aggregate merged;
  for (const Aggregate& part : parts) merged.merge(part);
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9}) {
    EXPECT_NEAR(*whole.percentile(percent), percent * 10, percent * 10 * 0.011);
    EXPECT_EQ(whole.percentile(percent), merged.percentile(percent));
  }
  EXPECT_EQ(whole.count(), merged.count());
  EXPECT_NEAR(whole.sum(), merged.sum(), 1e-3);
  EXPECT_LT(whole.encode().size(), 3000u);
}

// Small and large, negative, zero and fractional counts read back as they were.
TEST(Aggregate, BytesReadBack) {
  Aggregate wide;
  for (int exponent = -300; exponent <= 300; ++exponent) {
    wide.add(std::pow(10.0, exponent));
    wide.add(-std::pow(10.0, exponent), 0.5);
  }
  wide.add(0);
  Aggregate sets = of({1, 2});
  sets.add_set(3, 12, 1, 7);
  for (const Aggregate& aggregate : {Aggregate(), of({0}), of({1.5, 2.5, -3}), wide, sets}) {
    EXPECT_EQ(Aggregate::decode(aggregate.encode()), aggregate);
  }
  EXPECT_LT(of({1}).encode().size(), 50u);
}

// A statistic set hides its values, so percentiles are gone, unless it can hold one value only.
TEST(Aggregate, StatisticSets) {
  Aggregate aggregate = of({1});
  aggregate.add_set(2, 10, 5, 5);
  EXPECT_EQ(aggregate.percentile(99), 5);
  aggregate.add_set(2, 3, 1, 2);
  EXPECT_EQ(aggregate.percentile(99), std::nullopt);
  EXPECT_EQ(aggregate.sum(), 14);
  EXPECT_EQ(aggregate.count(), 5);
}

}  // namespace
}  // namespace localcloud::metrics
