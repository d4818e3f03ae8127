// From alarms to queries to verdicts, round after round.

#include "localcloud/services/metrics/alarms/evaluator.hpp"

#include "base/log.hpp"
#include "json/write.hpp"
#include "localcloud/services/metrics/alarms/event.hpp"
#include "localcloud/services/metrics/query.hpp"

namespace localcloud::metrics::alarms {

namespace {

constexpr std::int64_t kRoundS = 10;
// Rounds come a little after the periods end, so that what was counted in them has been written.
constexpr std::int64_t kDelayS = 5;

Rule rule_of(const MetricAlarm& alarm) {
  return {alarm.comparison_operator, alarm.threshold, alarm.evaluation_periods,
          alarm.datapoints_to_alarm.value_or(alarm.evaluation_periods),
          parse_missing(alarm.treat_missing_data.value_or("missing")).value_or(Missing::missing)};
}

// The seconds of an alarm's period: its metrics' longest.
std::int64_t period_of(const MetricAlarm& alarm) {
  if (alarm.period) return *alarm.period;
  std::int64_t period_s = 0;
  for (const MetricDataQuery& query : *alarm.metrics) {
    if (query.metric_stat) period_s = std::max<std::int64_t>(period_s, query.metric_stat->period);
  }
  return period_s > 0 ? period_s : 60;
}

// A plain alarm asks two things of its metric: the statistic, and from how many samples it comes.
std::vector<MetricDataQuery> queries_with_samples(const MetricAlarm& alarm) {
  std::vector<MetricDataQuery> queries = queries_of(alarm);
  if (alarm.metrics) return queries;
  MetricDataQuery samples = queries.front();
  samples.id = "m2";
  samples.metric_stat->stat = "SampleCount";
  queries.push_back(std::move(samples));
  return queries;
}

std::string reason_data(const MetricAlarm& alarm, const Verdict& verdict, base::Time now, std::int64_t period_s) {
  json::Array recent;
  json::Array evaluated;
  for (const Datapoint& datapoint : verdict.evaluated) {
    recent.insert(recent.begin(), json::Value(*datapoint.value));
    json::Object one{{"timestamp", moment(base::from_unix_s(datapoint.time_s))}, {"value", *datapoint.value}};
    if (datapoint.sample_count) one.set("sampleCount", *datapoint.sample_count);
    evaluated.push_back(std::move(one));
  }
  json::Object data{{"version", "1.0"}, {"queryDate", moment(now)}};
  if (!verdict.evaluated.empty()) data.set("startDate", moment(base::from_unix_s(verdict.evaluated.back().time_s)));
  if (const std::string statistic = statistic_of(alarm); !statistic.empty()) data.set("statistic", statistic);
  if (alarm.unit) data.set("unit", name_of(*alarm.unit));
  data.set("period", period_s);
  data.set("recentDatapoints", std::move(recent));
  data.set("threshold", alarm.threshold);
  data.set("evaluatedDatapoints", std::move(evaluated));
  std::string text = json::write(data);
  // AWS allows 4,000 characters: the details give way.
  if (text.size() > 4000) {
    data.erase("evaluatedDatapoints");
    data.erase("recentDatapoints");
    text = json::write(data);
  }
  return text;
}

Task<void> act_on(base::Executor& worker, storage::Store& store, Actions& actions, Place place, StateChange change,
                  base::Time now) {
  co_await base::resume_on(worker);
  try {
    co_await act(store, actions, std::move(place), std::move(change), now);
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "an alarm's actions failed", {{"reason", failure.what()}});
  }
}

}  // namespace

std::optional<Finding> evaluate_alarm(const storage::Reader& reader, const Place& place, const MetricAlarm& alarm,
                                      base::Time now) {
  const Rule rule = rule_of(alarm);
  const std::int64_t period_s = period_of(alarm);
  const std::int64_t step_s = std::min<std::int64_t>(period_s, 60);
  const std::int64_t now_s = base::to_unix_s(now);
  const std::int64_t end_s = now_s - now_s % step_s;
  const Range range{end_s - (rule.evaluation_periods + kPeriodsBefore) * period_s, end_s, Range::Align::to_end};
  const Result<std::vector<Answer>> answers = answer_queries(reader, place, queries_with_samples(alarm), range);
  if (!answers || answers->empty()) return std::nullopt;
  const math::Series& values = answers->front().series;
  std::vector<Datapoint> datapoints;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    Datapoint datapoint{values.time_s(i), values.values[i]};
    if (!alarm.metrics) datapoint.sample_count = answers->back().series.values[i];
    datapoints.push_back(datapoint);
  }
  std::optional<Verdict> verdict = evaluate(rule, datapoints);
  if (!verdict) return std::nullopt;
  std::string data = reason_data(alarm, *verdict, now, period_s);
  return Finding{*std::move(verdict), std::move(data)};
}

struct Evaluator::State {
  storage::Store& store;
  base::Timers& timers;
  base::Executor& background;
  base::Executor& worker;
  Actions& actions;
  std::mutex mutex = {};
  bool ended = false;
  std::int64_t last_minute = 0;

  void run_round(base::Time now);
  void carry_out(const Place& place, const MetricAlarm& seen, const Finding& finding, base::Time now);
};

void Evaluator::State::run_round(base::Time now) {
  const std::int64_t minute = base::to_unix_s(now) / 60;
  const bool new_minute = minute != last_minute;
  last_minute = minute;
  const std::unique_ptr<storage::Reader> reader = store.snapshot();
  std::vector<std::pair<Place, MetricAlarm>> due;
  scan_all_alarms(*reader, [&](const Place& place, StoredAlarm stored) {
    if (new_minute || period_of(stored.alarm) < 60) due.emplace_back(place, std::move(stored.alarm));
  });
  for (const auto& [place, alarm] : due) {
    const std::optional<Finding> finding = evaluate_alarm(*reader, place, alarm, now);
    if (finding && finding->verdict.state != alarm.state_value) carry_out(place, alarm, *finding, now);
  }
}

void Evaluator::State::carry_out(const Place& place, const MetricAlarm& seen, const Finding& finding, base::Time now) {
  const Result<StateChange> change =
      store.write_and_wait<StateChange>([&](storage::Transaction& transaction) -> Result<StateChange> {
        std::optional<StoredAlarm> stored = find_alarm(transaction, place, seen.alarm_name);
        // What was found counts only for the alarm as it was then.
        if (!stored ||
            stored->alarm.alarm_configuration_updated_timestamp != seen.alarm_configuration_updated_timestamp ||
            stored->alarm.state_value == finding.verdict.state) {
          return StateChange{};
        }
        return change_state(transaction, place, *std::move(stored), finding.verdict.state, finding.verdict.reason,
                            finding.reason_data, now);
      });
  if (!change->actions.empty()) base::spawn(act_on(worker, store, actions, place, *change, now));
}

Evaluator::Evaluator(storage::Store& store, base::Timers& timers, base::Executor& background, base::Executor& worker,
                     Actions& actions)
    : state_(new State{store, timers, background, worker, actions}) {
  wait(state_);
}

Evaluator::~Evaluator() {
  const std::lock_guard lock(state_->mutex);
  state_->ended = true;
}

void Evaluator::wait(const std::shared_ptr<State>& state) {
  const std::int64_t now_s = base::to_unix_s(state->timers.clock().now());
  const std::int64_t next_s = (now_s - kDelayS) / kRoundS * kRoundS + kRoundS + kDelayS;
  state->timers.at(base::from_unix_s(next_s), [state] {
    {
      const std::lock_guard lock(state->mutex);
      if (state->ended) return;
    }
    state->background.post([state] {
      const std::lock_guard lock(state->mutex);
      if (state->ended) return;
      try {
        state->run_round(state->timers.clock().now());
      } catch (const std::exception& failure) {
        base::log(base::LogLevel::error, "alarms not evaluated", {{"reason", failure.what()}});
      }
      wait(state);
    });
  });
}

}  // namespace localcloud::metrics::alarms
