// The decision, and the sentence that says why.

#include "localcloud/services/metrics/alarms/evaluation.hpp"

#include <fmt/core.h>

#include <cmath>

namespace localcloud::metrics::alarms {

namespace {

bool breaches(const Rule& rule, double value) {
  switch (rule.comparison) {
    case ComparisonOperator::greater_than_or_equal_to_threshold:
      return value >= rule.threshold;
    case ComparisonOperator::greater_than_threshold:
      return value > rule.threshold;
    case ComparisonOperator::less_than_threshold:
      return value < rule.threshold;
    case ComparisonOperator::less_than_or_equal_to_threshold:
      return value <= rule.threshold;
    default:
      return false;  // bands of anomalies: PutMetricAlarm refuses them
  }
}

std::string_view words(ComparisonOperator comparison) {
  switch (comparison) {
    case ComparisonOperator::greater_than_or_equal_to_threshold:
      return "greater than or equal to";
    case ComparisonOperator::greater_than_threshold:
      return "greater than";
    case ComparisonOperator::less_than_threshold:
      return "less than";
    default:
      return "less than or equal to";
  }
}

std::string plural(int count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// "5.0 (22/11/26 14:00:00)"
std::string describe(const Datapoint& datapoint) {
  const base::Time time = base::from_unix_s(datapoint.time_s);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{} ({:02}/{:02}/{:02} {:02}:{:02}:{:02})", to_text(*datapoint.value),
                     static_cast<unsigned>(date.day()), static_cast<unsigned>(date.month()),
                     static_cast<int>(date.year()) % 100, clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string list(const std::vector<Datapoint>& datapoints) {
  std::string text;
  for (const Datapoint& datapoint : datapoints) text += (text.empty() ? "" : ", ") + describe(datapoint);
  return text;
}

// What the evaluated datapoints are, split by whether they breach.
struct Counts {
  std::vector<Datapoint> real;  // latest first, at most N
  std::vector<Datapoint> breaching;
  std::vector<Datapoint> fine;
  int missing = 0;  // of the N that were wanted
};

std::string reason(const Rule& rule, const Counts& counts, StateValue state) {
  const bool alarm = state == StateValue::alarm;
  const std::vector<Datapoint>& shown = alarm ? counts.breaching : counts.fine;
  const int shown_count = static_cast<int>(shown.size());
  const bool treated =
      counts.missing > 0 && (rule.missing == Missing::breaching || rule.missing == Missing::not_breaching);
  const std::string_view treatment = rule.missing == Missing::breaching ? "Breaching" : "NonBreaching";
  const std::string missing = fmt::format("{} {} treated as [{}].", plural(counts.missing, "missing datapoint"),
                                          counts.missing == 1 ? "was" : "were", treatment);
  if (treated && counts.real.empty()) {
    return fmt::format("Threshold Crossed: no datapoints were received for {} and {}", plural(counts.missing, "period"),
                       missing);
  }
  const std::string compared = fmt::format("{} {}{} the threshold ({})", shown_count == 1 ? "was" : "were",
                                           alarm ? "" : "not ", words(rule.comparison), to_text(rule.threshold));
  if (treated && alarm && shown_count < rule.datapoints_to_alarm) {
    return fmt::format("Threshold Crossed: {} [{}] {} and {}", plural(shown_count, "datapoint"), list(shown), compared,
                       missing);
  }
  const int minimum = alarm ? rule.datapoints_to_alarm : rule.evaluation_periods - rule.datapoints_to_alarm + 1;
  return fmt::format("Threshold Crossed: {} out of the last {} datapoints [{}] {} (minimum {} for {} transition).",
                     shown_count, counts.real.size(), list(shown), compared, plural(minimum, "datapoint"),
                     alarm ? "OK -> ALARM" : "ALARM -> OK");
}

// What to make of it where datapoints are missing. Nothing: the state stays.
std::optional<StateValue> decide_with_gaps(const Rule& rule, const Counts& counts) {
  const int breaching = static_cast<int>(counts.breaching.size());
  const int wanted = rule.datapoints_to_alarm;
  switch (rule.missing) {
    case Missing::breaching:
      return breaching + counts.missing >= wanted ? StateValue::alarm : StateValue::ok;
    case Missing::not_breaching:
      return breaching >= wanted ? StateValue::alarm : StateValue::ok;
    case Missing::missing:
      if (counts.real.empty()) return StateValue::insufficient_data;
      // Every datapoint that there is breaches: better an alarm too early than none.
      return breaching >= wanted || counts.fine.empty() ? StateValue::alarm : StateValue::ok;
    case Missing::ignore:
      if (breaching >= wanted) return StateValue::alarm;
      if (counts.fine.empty()) return std::nullopt;
      return StateValue::ok;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Missing> parse_missing(std::string_view text) {
  if (text == "missing") return Missing::missing;
  if (text == "ignore") return Missing::ignore;
  if (text == "breaching") return Missing::breaching;
  if (text == "notBreaching") return Missing::not_breaching;
  return std::nullopt;
}

std::optional<Verdict> evaluate(const Rule& rule, const std::vector<Datapoint>& datapoints) {
  Counts counts;
  for (auto datapoint = datapoints.rbegin(); datapoint != datapoints.rend(); ++datapoint) {
    if (!datapoint->value || static_cast<int>(counts.real.size()) == rule.evaluation_periods) continue;
    counts.real.push_back(*datapoint);
    (breaches(rule, *datapoint->value) ? counts.breaching : counts.fine).push_back(*datapoint);
  }
  counts.missing = rule.evaluation_periods - static_cast<int>(counts.real.size());
  const std::optional<StateValue> state = decide_with_gaps(rule, counts);
  if (!state) return std::nullopt;
  Verdict verdict{*state, {}, counts.real};
  if (*state == StateValue::insufficient_data) {
    verdict.reason = fmt::format("Insufficient Data: {} {} unknown.", plural(counts.missing, "datapoint"),
                                 counts.missing == 1 ? "was" : "were");
  } else {
    verdict.reason = reason(rule, counts, *state);
  }
  // AWS allows 1,023 characters.
  if (verdict.reason.size() > 1023) verdict.reason.resize(1023);
  return verdict;
}

std::string to_text(double number) {
  if (number == 0) return "0.0";
  const double size = std::fabs(number);
  if (size >= 1e-3 && size < 1e7) {
    std::string text = fmt::format("{}", number);
    return text.contains('.') ? text : text + ".0";
  }
  char buffer[40];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, e));
  if (!digits.contains('.')) digits += ".0";
  int exponent = 0;
  const std::string_view after = text.substr(e + (text[e + 1] == '+' ? 2 : 1));
  std::from_chars(after.data(), after.data() + after.size(), exponent);
  return fmt::format("{}E{}", digits, exponent);
}

}  // namespace localcloud::metrics::alarms
