// Alarms against AWS's own tables of missing data, and the sentences they give.

#include "localcloud/services/metrics/alarms/evaluation.hpp"

#include <gtest/gtest.h>

namespace localcloud::metrics::alarms {
namespace {

constexpr std::int64_t kTime = 1'795'356'000;  // 2026-11-22 14:00:00

// One character per period, oldest first: X breaches, 0 doesn't, - is missing.
std::vector<Datapoint> datapoints(std::string_view text) {
  std::vector<Datapoint> list;
  std::int64_t time_s = kTime;
  for (const char c : text) {
    list.push_back({time_s, c == '-' ? std::nullopt : std::optional(c == 'X' ? 5.0 : 0.0)});
    time_s += 60;
  }
  return list;
}

Rule rule(int n, int m, Missing missing) {
  return {ComparisonOperator::greater_than_or_equal_to_threshold, 1, n, m, missing};
}

std::string_view state(const std::optional<Verdict>& verdict) {
  return verdict ? wire::to_wire(verdict->state) : std::string_view("stays");
}

// The two tables of AWS's documentation: what each treatment of missing data makes of the last five periods.
TEST(Alarm, TablesOfMissingData) {
  struct Case {
    std::string_view datapoints;
    int m;
    std::string_view missing, ignore, breaching, not_breaching;
  };
  constexpr std::string_view kOk = "OK";
  constexpr std::string_view kAlarm = "ALARM";
  constexpr Case kCases[] = {
      {"0-X-X", 3, kOk, kOk, kOk, kOk},
      {"----0", 3, kOk, kOk, kOk, kOk},
      {"-----", 3, "INSUFFICIENT_DATA", "stays", kAlarm, kOk},
      {"0XX-X", 3, kAlarm, kAlarm, kAlarm, kAlarm},
      {"--X--", 3, kAlarm, "stays", kAlarm, kOk},
      {"0-X-X", 2, kAlarm, kAlarm, kAlarm, kAlarm},
      {"00X0X", 2, kAlarm, kAlarm, kAlarm, kAlarm},
      {"0-X--", 2, kOk, kOk, kAlarm, kOk},
      {"----0", 2, kOk, kOk, kAlarm, kOk},
      {"----X", 2, kAlarm, "stays", kAlarm, kOk},
  };
  for (const Case& c : kCases) {
    const auto list = datapoints(c.datapoints);
    EXPECT_EQ(state(evaluate(rule(3, c.m, Missing::missing), list)), c.missing) << c.datapoints << " missing";
    EXPECT_EQ(state(evaluate(rule(3, c.m, Missing::ignore), list)), c.ignore) << c.datapoints << " ignore";
    EXPECT_EQ(state(evaluate(rule(3, c.m, Missing::breaching), list)), c.breaching) << c.datapoints << " breaching";
    EXPECT_EQ(state(evaluate(rule(3, c.m, Missing::not_breaching), list)), c.not_breaching)
        << c.datapoints << " notBreaching";
  }
}

// The reasons, word by word as AWS gives them.
TEST(Alarm, Reasons) {
  EXPECT_EQ(
      evaluate(rule(1, 1, Missing::missing), datapoints("X"))->reason,
      "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (22/11/26 14:00:00)] was greater than or equal to the "
      "threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).");
  EXPECT_EQ(
      evaluate(rule(1, 1, Missing::missing), datapoints("0"))->reason,
      "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (22/11/26 14:00:00)] was not greater than or equal to "
      "the threshold (1.0) (minimum 1 datapoint for ALARM -> OK transition).");
  EXPECT_EQ(evaluate(rule(3, 2, Missing::missing), datapoints("X0X"))->reason,
            "Threshold Crossed: 2 out of the last 3 datapoints [5.0 (22/11/26 14:02:00), 5.0 (22/11/26 14:00:00)] were "
            "greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).");
  EXPECT_EQ(evaluate(rule(1, 1, Missing::breaching), datapoints("---"))->reason,
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as "
            "[Breaching].");
  EXPECT_EQ(evaluate(rule(3, 3, Missing::not_breaching), datapoints("-----"))->reason,
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as "
            "[NonBreaching].");
  EXPECT_EQ(evaluate(rule(1, 1, Missing::missing), datapoints("-"))->reason,
            "Insufficient Data: 1 datapoint was unknown.");
  EXPECT_EQ(evaluate(rule(2, 2, Missing::missing), datapoints("--"))->reason,
            "Insufficient Data: 2 datapoints were unknown.");
}

// Each operator on both sides of its threshold.
TEST(Alarm, Comparisons) {
  struct Case {
    ComparisonOperator comparison;
    bool below, equal, above;
  };
  for (const Case& c :
       std::initializer_list<Case>{{ComparisonOperator::greater_than_or_equal_to_threshold, false, true, true},
                                   {ComparisonOperator::greater_than_threshold, false, false, true},
                                   {ComparisonOperator::less_than_threshold, true, false, false},
                                   {ComparisonOperator::less_than_or_equal_to_threshold, true, true, false}}) {
    const auto alarms = [&](double value) {
      return evaluate({c.comparison, 2, 1, 1, Missing::missing}, {{kTime, value}})->state == StateValue::alarm;
    };
    EXPECT_EQ(alarms(1), c.below);
    EXPECT_EQ(alarms(2), c.equal);
    EXPECT_EQ(alarms(3), c.above);
  }
}

// Numbers look as Java writes them.
TEST(Alarm, Numbers) {
  for (const auto& [number, text] :
       std::initializer_list<std::pair<double, const char*>>{{0, "0.0"},
                                                             {5, "5.0"},
                                                             {-2.5, "-2.5"},
                                                             {0.001, "0.001"},
                                                             {9999999, "9999999.0"},
                                                             {1e7, "1.0E7"},
                                                             {1.25e-5, "1.25E-5"},
                                                             {100.0 / 3, "33.333333333333336"}}) {
    EXPECT_EQ(to_text(number), text);
  }
}

}  // namespace
}  // namespace localcloud::metrics::alarms
