// Metric math over small series.

#include "localcloud/services/metrics/math/expression.hpp"

#include <gtest/gtest.h>

namespace localcloud::metrics::math {
namespace {

constexpr std::nullopt_t kGap = std::nullopt;

Series series(std::vector<std::optional<double>> values) {
  return {600, 60, std::move(values)};
}

Names names() {
  static const std::map<std::string, Value, std::less<>> kValues = {{"m1", series({1, 2, kGap, 4})},
                                                                    {"m2", series({2, 0, 3, 4})},
                                                                    {"m3", series({kGap, 5, kGap, kGap})},
                                                                    {"e1", Scalar{10}}};
  Names names;
  names.find = [](std::string_view id) -> const Value* {
    const auto found = kValues.find(id);
    return found == kValues.end() ? nullptr : &found->second;
  };
  for (const char* const id : {"m1", "m2", "m3"}) names.metrics.emplace_back(id, std::get<Series>(kValues.at(id)));
  names.periods = series({kGap, kGap, kGap, kGap});
  return names;
}

Result<Value> evaluate(std::string_view text) {
  const Result<Expression> expression = Expression::parse("e9", text);
  if (!expression) return failure(expression.error());
  return expression->evaluate(names());
}

// Operators join series where both have a value; a division by zero leaves a gap.
TEST(MetricMath, SeriesAnswers) {
  struct Case {
    std::string_view text;
    std::vector<std::optional<double>> values;
  };
  const Case kCases[] = {
      {"m1", {1, 2, kGap, 4}},
      {"m1 + m2", {3, 2, kGap, 8}},
      {"m1 / m2", {0.5, kGap, kGap, 1}},
      {"100 * m1 / (m1 + m2)", {100.0 / 3, 100, kGap, 50}},
      {"1 - 2 - m2", {-3, -1, -4, -5}},
      {"2 ^ m2", {4, 1, 8, 16}},
      {"-m2 + e1", {8, 10, 7, 6}},
      {"m1 >= 2", {0, 1, kGap, 1}},
      {"m1 > 1 AND m2 > 1", {0, 0, kGap, 1}},
      {"m1 > 1 || m2 > 1", {1, 1, kGap, 1}},
      {"FILL(m1, 0)", {1, 2, 0, 4}},
      {"FILL(m1, -1.5e1)", {1, 2, -15, 4}},
      {"FILL(m3, REPEAT)", {kGap, 5, 5, 5}},
      {"FILL(m1, LINEAR)", {1, 2, 3, 4}},
      {"FILL(m3, LINEAR)", {kGap, 5, kGap, kGap}},
      {"FILL(m1, m2)", {1, 2, 3, 4}},
      {"FILL(m1, MIN(m2))", {1, 2, 0, 4}},
      {"100 * FILL(m1, 0) / (FILL(m1, 0) + FILL(m2, 0))", {100.0 / 3, 100, 0, 50}},
      {"SUM(METRICS())", {3, 7, 3, 8}},
      {"SUM(METRICS(\"m2\"))", {2, 0, 3, 4}},
      {"SUM([m1, m3])", {1, 7, kGap, 4}},
      {"AVG([m1, m2])", {1.5, 1, 3, 4}},
      {"MAX(METRICS())", {2, 5, 3, 4}},
      {"m1 / SUM(m1)", {1.0 / 7, 2.0 / 7, kGap, 4.0 / 7}},
      {"IF(m2 > 2, m2, 0)", {0, 0, 3, 4}},
      {"IF(m2 > 2, 1)", {kGap, kGap, 1, 1}},
      {"ABS(m2 - 3)", {1, 3, 0, 1}},
      {"CEIL(m1 / 4) + FLOOR(m1 / 4)", {1, 1, kGap, 2}},
      {"DIFF(m1)", {kGap, 1, kGap, 2}},
      {"RATE(m2)", {kGap, -2.0 / 60, 3.0 / 60, 1.0 / 60}},
      {"RUNNING_SUM(m2)", {2, 2, 5, 9}},
      {"m2 * PERIOD(m2)", {120, 0, 180, 240}},
      {"TIME_SERIES(DATAPOINT_COUNT(m1))", {3, 3, 3, 3}},
  };
  for (const Case& c : kCases) {
    const Result<Value> value = evaluate(c.text);
    ASSERT_TRUE(value) << c.text << ": " << value.error().message;
    ASSERT_TRUE(std::holds_alternative<Series>(*value)) << c.text;
    const Series& got = std::get<Series>(*value);
    ASSERT_EQ(got.values.size(), c.values.size());
    for (std::size_t i = 0; i < c.values.size(); ++i) {
      ASSERT_EQ(got.values[i].has_value(), c.values[i].has_value()) << c.text << " at " << i;
      EXPECT_DOUBLE_EQ(got.values[i].value_or(0), c.values[i].value_or(0)) << c.text << " at " << i;
    }
  }
  EXPECT_EQ(std::get<Scalar>(*evaluate("SUM(m1) + 1")), 8);
  EXPECT_EQ(std::get<SeriesList>(*evaluate("METRICS() * 2")).size(), 3u);
}

// Series of different periods meet at the coarser one's times.
TEST(MetricMath, PeriodsMayDiffer) {
  const Series fine{600, 60, {1, 2, 3, 4, 5, 6}};
  const Series coarse{600, 180, {10, 20}};
  EXPECT_EQ(std::get<Series>(*combine("+", fine, coarse)), (Series{600, 180, {11, 24}}));
}

// What can't be read or computed is an error that names the expression.
TEST(MetricMath, Refused) {
  for (const std::string_view text :
       {"", "m1 +", "(m1", "m1 m2", "nope + 1", "FILL(m1)", "FILL(e1, 0)", "SEARCH('x', 'Sum')", "[1, 2]", "\"text\"",
        "1 +* 2", "METRICS() + METRICS()", "IF(m1)", "m1 = 2"}) {
    const Result<Value> value = evaluate(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, "ValidationError");
    EXPECT_TRUE(value.error().message.starts_with("Error in expression 'e9' [")) << value.error().message;
  }
  EXPECT_FALSE(evaluate(std::string(2000, '(')));
  EXPECT_FALSE(evaluate(std::string(2000, '-')));
  EXPECT_EQ(Expression::parse("e", "m1 + FILL(m2, REPEAT) / m1")->ids(), (std::vector<std::string>{"m1", "m2"}));
}

}  // namespace
}  // namespace localcloud::metrics::math
