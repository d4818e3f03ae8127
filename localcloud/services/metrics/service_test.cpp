// The operations together: what is put is got, listed, computed with and alarmed on; errors in AWS's words.

#include "localcloud/services/metrics/service.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "localcloud/services/metrics/alarms/evaluator.hpp"
#include "localcloud/services/metrics/recorder.hpp"

namespace localcloud::metrics {
namespace {

// Takes Lambda functions, and remembers what they were told.
class Functions final : public alarms::Actions {
 public:
  Task<Result<Done>> run(alarms::Action action) override {
    events.push_back(action.event);
    if (!action.arn.starts_with("arn:aws:lambda:")) co_return failure({"ValidationError", "no function"});
    co_return Done{};
  }
  std::vector<std::string> events;
};

// Runs posted work at once.
class InlineExecutor final : public base::Executor {
 public:
  void post(base::Work work) override { work(); }
};

class MetricsTest : public testing::Test {
 protected:
  MetricsTest()
      : folder_(std::filesystem::path(testing::TempDir()) / ("metrics" + std::to_string(getpid()))),
        store_({.folder = folder_, .sync = storage::StoreOptions::Sync::never}) {
    caller_.account = "111122223333";
    caller_.region = "eu-west-1";
  }
  ~MetricsTest() override { std::filesystem::remove_all(folder_); }

  template <class Output>
  Result<Output> run(wire::Change<Output> change) {
    if (!change) return failure(change.error());
    return store_.write_and_wait<Output>(std::move(*change));
  }
  Result<Nothing> put(const std::string& name, std::int64_t time_s, double value,
                      std::optional<Unit> unit = std::nullopt) {
    PutMetricData::MetricDatum datum{
        .metric_name = name, .timestamp = wire::Timestamp{base::from_unix_s(time_s)}, .value = value, .unit = unit};
    return run(put_metric_data(room_, caller_, {"N", {{datum}}}));
  }
  static MetricDataQuery stat(const std::string& id, const std::string& name, const std::string& statistic = "Sum") {
    return {.id = id, .metric_stat = MetricStat{{"N", name, {}}, 60, statistic}};
  }
  MetricAlarm alarm(const std::string& name) {
    return describe_alarms(room_, caller_, {.alarm_names = {{name}}})->metric_alarms.at(0);
  }
  std::string_view state(const std::string& name) { return wire::to_wire(alarm(name).state_value); }

  std::filesystem::path folder_;
  storage::Store store_;
  const std::int64_t now_s_ = 1'795'356'000;  // 2026-11-22 14:00:00
  base::ManualClock clock_{base::from_unix_s(1'795'356'000)};
  Functions functions_;
  Metrics room_{store_, clock_, functions_};
  wire::Caller caller_;
};

Task<void> finish(Task<Result<Nothing>> task, std::atomic<bool>& done) {
  (void)co_await task;
  done = true;
  done.notify_all();
}

template <class Output>
std::string words(const Result<Output>& result) {
  return result ? "ok" : result.error().code + ": " + result.error().message;
}

// Values are added up by minute; statistics come by period and unit; metrics are listed.
TEST_F(MetricsTest, PutAndGet) {
  ASSERT_TRUE(put("m", now_s_ - 120, 1, Unit::count));
  ASSERT_TRUE(put("m", now_s_ - 61, 3, Unit::count));
  ASSERT_TRUE(put("m", now_s_ - 60, 10, Unit::seconds));
  GetMetricStatistics::Input input{.name_space = "N",
                                   .metric_name = "m",
                                   .start_time = {base::from_unix_s(now_s_ - 120)},
                                   .end_time = {base::from_unix_s(now_s_)},
                                   .period = 60,
                                   .statistics = {{StatisticName::sum, StatisticName::average}},
                                   .extended_statistics = {{"p99"}}};
  auto output = get_metric_statistics(room_, caller_, input);
  ASSERT_TRUE(output) << output.error().message;
  ASSERT_EQ(output->datapoints.size(), 2u);
  EXPECT_EQ(output->datapoints[0].sum, 4);
  EXPECT_EQ(output->datapoints[0].average, 2);
  EXPECT_EQ(output->datapoints[0].unit, Unit::count);
  EXPECT_EQ((*output->datapoints[0].extended_statistics)["p99"], 3);
  EXPECT_EQ(output->datapoints[1].sum, 10);
  input.unit = Unit::seconds;
  EXPECT_EQ(get_metric_statistics(room_, caller_, input)->datapoints.size(), 1u);
  input.start_time = {base::from_unix_s(now_s_ - 86'400 * 3)};
  EXPECT_EQ(words(get_metric_statistics(room_, caller_, input)),
            "InvalidParameterCombinationException: You have requested up to 4,320 datapoints, which exceeds the limit "
            "of 1,440. "
            "You may "
            "reduce the datapoints requested by increasing Period, or decreasing the time range.");
  EXPECT_EQ(
      words(put("m", now_s_ - 86'400 * 15, 1)),
      "InvalidParameterValueException: The parameter MetricData.member.1.Timestamp must specify a time within the past "
      "two weeks.");
  EXPECT_EQ(words(run(put_metric_data(room_, caller_, {"AWS/Lambda", {{{.metric_name = "x", .value = 1}}}}))),
            "InvalidParameterValueException: The value AWS/Lambda for parameter Namespace is invalid.");
  EXPECT_EQ(words(run(put_metric_data(room_, caller_, {"N", {{{.metric_name = "x"}}}}))).substr(0, 27),
            "InvalidParameterCombination");

  ASSERT_EQ(list_metrics(room_, caller_, {})->metrics.size(), 1u);
  EXPECT_EQ(list_metrics(room_, caller_, {.name_space = "Other"})->metrics.size(), 0u);
  wire::Caller elsewhere = caller_;
  elsewhere.account = "444455556666";
  EXPECT_TRUE(list_metrics(room_, elsewhere, {})->metrics.empty());
}

// Series of metrics and expressions, latest first unless asked otherwise, in pages.
TEST_F(MetricsTest, GetMetricData) {
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(put("all", now_s_ - 60 * i, 10 * i));
  ASSERT_TRUE(put("bad", now_s_ - 120, 5));
  GetMetricData::Input input{.metric_data_queries = {{.id = "rate", .expression = "100 * FILL(bad, 0) / all"},
                                                     stat("bad", "bad"),
                                                     stat("all", "all")},
                             .start_time = {base::from_unix_s(now_s_ - 240)},
                             .end_time = {base::from_unix_s(now_s_)}};
  input.metric_data_queries[1].return_data = false;
  auto output = get_metric_data(room_, caller_, input);
  ASSERT_TRUE(output) << output.error().message;
  ASSERT_EQ(output->metric_data_results.size(), 2u);
  EXPECT_EQ(output->metric_data_results[0].label, "rate");
  EXPECT_EQ(output->metric_data_results[0].values, (std::vector<double>{0, 25, 0, 0}));
  EXPECT_EQ(output->metric_data_results[1].label, "all");
  EXPECT_EQ(output->metric_data_results[1].timestamps[0].time, base::from_unix_s(now_s_ - 60));
  input.scan_by = ScanBy::timestamp_ascending;
  EXPECT_EQ(get_metric_data(room_, caller_, input)->metric_data_results[1].values,
            (std::vector<double>{40, 30, 20, 10}));

  input.max_datapoints = 3;
  std::vector<double> values;
  int pages = 0;
  do {
    output = get_metric_data(room_, caller_, input);
    for (const auto& result : output->metric_data_results) {
      values.insert(values.end(), result.values.begin(), result.values.end());
    }
    input.next_token = output->next_token;
    ++pages;
  } while (input.next_token);
  EXPECT_EQ(values, (std::vector<double>{0, 0, 25, 0, 40, 30, 20, 10}));
  EXPECT_EQ(pages, 3);
}

// What can't be asked is refused.
TEST_F(MetricsTest, GetMetricDataRefuses) {
  const auto ask = [this](std::vector<MetricDataQuery> queries) {
    return words(get_metric_data(room_, caller_,
                                 {.metric_data_queries = std::move(queries),
                                  .start_time = {base::from_unix_s(now_s_ - 240)},
                                  .end_time = {base::from_unix_s(now_s_)}}));
  };
  EXPECT_EQ(
      ask({stat("M1", "m")}),
      "ValidationError: The value M1 for parameter MetricDataQueries.member.1.Id is not matching the expected pattern "
      "^[a-z][a-zA-Z0-9_]*$.");
  EXPECT_EQ(ask({stat("m1", "m"), stat("m1", "m")}),
            "ValidationError: The values for parameter Id in MetricDataQueries are not unique.");
  EXPECT_EQ(
      ask({stat("m1", "m", "tm99")}),
      "InvalidParameterValueException: The value tm99 for parameter MetricDataQueries.member.1.MetricStat.Stat is not "
      "supported.");
  EXPECT_EQ(ask({{.id = "a", .expression = "b"}, {.id = "b", .expression = "a"}}).substr(0, 24),
            "ValidationError: Error i");
  EXPECT_EQ(ask({{.id = "a", .expression = "1 + 1"}}).substr(0, 24), "ValidationError: Error i");
  EXPECT_EQ(ask({{.id = "a", .expression = "SEARCH('x')"}}),
            "ValidationError: Error in expression 'a' [Unsupported function 'SEARCH']");
}

// An alarm goes off when its minute is over, acts once, tells its history, and calms down again.
TEST_F(MetricsTest, AlarmsAreEvaluated) {
  base::ManualTimers timers(clock_);
  InlineExecutor executor;
  const alarms::Evaluator evaluator(store_, timers, executor, executor, functions_);

  PutMetricAlarm::Input input{
      .alarm_name = "many",
      .alarm_description = "Too many",
      .alarm_actions = {{"arn:aws:lambda:eu-west-1:111122223333:function:f", "arn:aws:sns:eu-west-1:111122223333:t"}},
      .metric_name = "errors",
      .name_space = "N",
      .statistic = StatisticName::sum,
      .period = 60,
      .evaluation_periods = 1,
      .threshold = 1,
      .comparison_operator = ComparisonOperator::greater_than_or_equal_to_threshold,
      .treat_missing_data = "notBreaching"};
  ASSERT_TRUE(run(put_metric_alarm(room_, caller_, input)));
  EXPECT_EQ(state("many"), "INSUFFICIENT_DATA");
  EXPECT_EQ(alarm("many").state_reason, "Unchecked: Initial alarm creation");
  ASSERT_TRUE(put("errors", now_s_ + 10, 5));
  timers.advance(std::chrono::seconds(70));
  EXPECT_EQ(state("many"), "ALARM");
  EXPECT_EQ(
      alarm("many").state_reason,
      "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (22/11/26 14:00:00)] was greater than or equal to the "
      "threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).");
  EXPECT_EQ(*alarm("many").state_reason_data,
            R"({"version":"1.0","queryDate":"2026-11-22T14:01:05.000+0000","startDate":"2026-11-22T14:00:00.000+0000",)"
            R"("statistic":"Sum","period":60,"recentDatapoints":[5],"threshold":1,"evaluatedDatapoints":)"
            R"([{"timestamp":"2026-11-22T14:00:00.000+0000","value":5,"sampleCount":1}]})");
  ASSERT_EQ(functions_.events.size(), 2u);
  const std::string& event = functions_.events[0];
  EXPECT_TRUE(event.starts_with(
      R"({"source":"aws.cloudwatch","alarmArn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:many",)"
      R"("accountId":"111122223333","time":"2026-11-22T14:01:05.000+0000","region":"eu-west-1","alarmData":{)"
      R"("alarmName":"many","state":{"value":"ALARM","reason":"Threshold Crossed: 1 out of the last 1 datapoints [5.0 )"
      R"((22/11/26 14:00:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM )"
      R"(transition).","timestamp":"2026-11-22T14:01:05.000+0000","reasonData":"{\"version\":\"1.0\",)"))
      << event;
  EXPECT_TRUE(event.contains(R"("previousState":{"value":"OK",)")) << event;
  EXPECT_TRUE(event.ends_with(
      R"("configuration":{"description":"Too many","metrics":[{"id":"m1","metricStat":{"metric":{"namespace":"N",)"
      R"("name":"errors","dimensions":{}},"period":60,"stat":"Sum"},"returnData":true}]}}})"))
      << event;
  timers.advance(std::chrono::minutes(5));
  EXPECT_EQ(state("many"), "OK");
  EXPECT_EQ(functions_.events.size(), 2u);

  std::string history;
  const auto described =
      describe_alarm_history(room_, caller_, {.alarm_name = "many", .scan_by = ScanBy::timestamp_ascending});
  for (const HistoryItem& item : described->alarm_history_items) {
    history += item.history_summary + "; ";
  }
  EXPECT_EQ(history,
            "Alarm \"many\" created; Alarm updated from INSUFFICIENT_DATA to OK; Alarm updated from OK to ALARM; "
            "Successfully "
            "executed action arn:aws:lambda:eu-west-1:111122223333:function:f; Failed to execute action "
            "arn:aws:sns:eu-west-1:111122223333:t. Received error: \"no function\"; Alarm updated from ALARM to OK; ");
}

// Metric math decides an alarm too; updating one keeps its state; deleting needs no alarm to be there.
TEST_F(MetricsTest, AlarmsOnExpressions) {
  PutMetricAlarm::Input input{
      .alarm_name = "rate",
      .evaluation_periods = 1,
      .threshold = 5,
      .comparison_operator = ComparisonOperator::greater_than_threshold,
      .metrics = {{{.id = "rate", .expression = "100 * FILL(bad, 0) / all"}, stat("bad", "bad"), stat("all", "all")}}};
  EXPECT_EQ(words(run(put_metric_alarm(room_, caller_, input))),
            "ValidationError: Exactly one element of the metrics list should return data.");
  for (int i = 1; i < 3; ++i) (*input.metrics)[i].return_data = false;
  ASSERT_TRUE(run(put_metric_alarm(room_, caller_, input)));
  ASSERT_TRUE(put("all", now_s_ - 60, 10));
  ASSERT_TRUE(put("bad", now_s_ - 60, 1));
  const auto finding = alarms::evaluate_alarm(*store_.snapshot(), place_of(caller_), alarm("rate"), clock_.now());
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->verdict.state, StateValue::alarm);

  Task<Result<Nothing>> set = set_alarm_state(room_, caller_, {"rate", StateValue::ok, "because", std::nullopt});
  std::atomic<bool> done = false;
  base::spawn(finish(std::move(set), done));
  done.wait(false);
  EXPECT_EQ(state("rate"), "OK");
  input.threshold = 50;
  ASSERT_TRUE(run(put_metric_alarm(room_, caller_, input)));
  EXPECT_EQ(state("rate"), "OK");
  EXPECT_EQ(alarm("rate").threshold, 50);
  EXPECT_EQ(alarm("rate").metrics->size(), 3u);
  ASSERT_TRUE(run(delete_alarms(room_, caller_, {{"rate", "none"}})));
  EXPECT_TRUE(describe_alarms(room_, caller_, {})->metric_alarms.empty());

  input.datapoints_to_alarm = 15;
  EXPECT_EQ(words(run(put_metric_alarm(room_, caller_, input))),
            "ValidationError: DatapointsToAlarm must be less than or equal to EvaluationPeriods");
}

// A dashboard is checked, kept and listed for the whole account.
TEST_F(MetricsTest, Dashboards) {
  const std::string body =
      R"({"widgets":[{"type":"text","x":0,"y":0,"width":6,"height":3,"properties":{"markdown":"# Hi"}}]})";
  ASSERT_TRUE(run(put_dashboard(room_, caller_, {"d", body})));
  EXPECT_EQ(get_dashboard(room_, caller_, {"d"})->dashboard_body, body);
  EXPECT_EQ(get_dashboard(room_, caller_, {"d"})->dashboard_arn, "arn:aws:cloudwatch::111122223333:dashboard/d");
  wire::Caller elsewhere = caller_;
  elsewhere.region = "us-east-1";
  EXPECT_EQ(list_dashboards(room_, elsewhere, {})->dashboard_entries.size(), 1u);
  EXPECT_EQ(
      words(run(put_dashboard(room_, caller_,
                              {"d", R"({"widgets":[{"type":"metric","properties":{"region":"r","metrics":[[]]}}]})"}))),
      "DashboardInvalidInputError: The dashboard body is invalid, there are 1 validation errors: "
      R"([{"dataPath":"/widgets/0/properties/metrics/0","message":"Should NOT have less than 1 items"}])");
  EXPECT_EQ(words(run(put_dashboard(room_, caller_, {"d", "{"}))).substr(0, 26), "DashboardInvalidInputError");
  ASSERT_TRUE(run(delete_dashboards(room_, caller_, {{"d"}})));
  EXPECT_EQ(words(get_dashboard(room_, caller_, {"d"})), "DashboardNotFoundError: Dashboard d does not exist");
}

// Other rooms' counts arrive without anybody waiting for them.
TEST_F(MetricsTest, Recorder) {
  {
    Recorder recorder(store_, clock_);
    for (int i = 0; i < 1000; ++i)
      recorder.record(place_of(caller_), {"AWS/States", "ExecutionsFailed", {}}, 1, Unit::count);
    recorder.flush();
    recorder.record(place_of(caller_), {"AWS/States", "ExecutionsFailed", {}}, 1, Unit::count);
  }
  const auto metric = find_metric(*store_.snapshot(), place_of(caller_), {"AWS/States", "ExecutionsFailed", {}});
  ASSERT_TRUE(metric);
  double count = 0;
  scan_points(*store_.snapshot(), metric->id, 0, INT64_MAX,
              [&](std::int64_t, Unit, const Aggregate& aggregate) { count += aggregate.sum(); });
  EXPECT_EQ(count, 1001);
}

}  // namespace
}  // namespace localcloud::metrics
