#include "localcloud/joins/telemetry.hpp"

#include "aws/arn.hpp"
#include "localcloud/services/metrics/emf/emf.hpp"

namespace localcloud {

namespace {

metrics::Unit unit_of(std::string_view name) {
  return metrics::parse_unit(name).value_or(metrics::Unit::none);
}

}  // namespace

void LambdaLogs::write(const lambda::LogStream& stream, std::vector<lambda::LogLine> lines) {
  const std::string function = stream.group.substr(stream.group.rfind('/') + 1);
  const auto principal = sessions_.principal_for_service({.role_arn = stream.role_arn,
                                                          .service = "lambda.amazonaws.com",
                                                          .session_name = function,
                                                          .source_arn = {},
                                                          .source_account = {}});
  if (!principal) return;
  wire::Caller caller;
  caller.principal = *principal;
  caller.account = stream.account;
  caller.region = stream.region;
  caller.time = clock_.now();
  const std::string group_arn = "arn:aws:logs:" + stream.region + ":" + stream.account + ":log-group:" + stream.group;
  const std::string stream_arn = group_arn + ":log-stream:" + stream.name;
  const auto may = [&](std::string action, std::string resource) {
    return !authorizer_.denial(caller, {.action = std::move(action), .resource = std::move(resource)});
  };
  if (!may("logs:PutLogEvents", stream_arn)) return;
  logs::Missing missing = logs::Missing::refuse;
  if (may("logs:CreateLogStream", stream_arn)) {
    missing =
        may("logs:CreateLogGroup", group_arn) ? logs::Missing::create_group_and_stream : logs::Missing::create_stream;
  }
  logs::Batch batch{
      .destination = {stream.account, stream.region, stream.group, stream.name}, .lines = {}, .missing = missing};
  batch.lines.reserve(lines.size());
  for (lambda::LogLine& line : lines) batch.lines.push_back({base::to_unix_ms(line.time), std::move(line.message)});
  writer_.append(std::move(batch));
}

void LambdaMetrics::record(std::vector<lambda::Measurement> measurements) {
  for (const lambda::Measurement& measurement : measurements) {
    const metrics::Metric metric{"AWS/Lambda", measurement.name, {{"FunctionName", measurement.function_name}}};
    for (const double value : measurement.values) {
      recorder_.record({measurement.account, measurement.region}, metric, value, unit_of(measurement.unit));
    }
  }
}

void StateMachineLogs::append(std::string_view log_group_arn, std::string_view stream,
                              std::vector<stepfunctions::LogLine> lines) {
  // arn:aws:logs:<region>:<account>:log-group:<name>:*
  const auto arn = aws::parse_arn(log_group_arn);
  constexpr std::string_view kMark = "log-group:";
  if (!arn || !std::string_view(arn->resource).starts_with(kMark)) return;
  std::string group = arn->resource.substr(kMark.size());
  if (group.ends_with(":*")) group.resize(group.size() - 2);
  logs::Batch batch{.destination = {arn->account, arn->region, std::move(group), std::string(stream)},
                    .lines = {},
                    .missing = logs::Missing::create_stream};
  for (stepfunctions::LogLine& line : lines)
    batch.lines.push_back({base::to_unix_ms(line.time), std::move(line.message)});
  writer_.append(std::move(batch));
}

void StateMachineMetrics::record(std::string_view account, std::string_view region, std::string_view state_machine_arn,
                                 stepfunctions::MetricValue value) {
  recorder_.record({std::string(account), std::string(region)},
                   {"AWS/States", std::move(value.name), {{"StateMachineArn", std::string(state_machine_arn)}}},
                   value.value, unit_of(value.unit));
}

logs::LineObserver::Apply LoggedMetrics::prepare(std::span<const logs::Batch* const> batches) {
  const base::Time now = clock_.now();
  std::vector<metrics::Increments> found(batches.size());
  bool any = false;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const metrics::Place place{batches[i]->destination.account, batches[i]->destination.region};
    for (const logs::Line& line : batches[i]->lines) metrics::emf::extract(line.message, place, now, found[i]);
    any = any || !found[i].empty();
  }
  if (!any) return {};
  return [found = std::move(found), now](storage::Transaction& transaction, const std::vector<bool>& written) mutable {
    metrics::Increments all;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (written[i]) all.merge(std::move(found[i]));
    }
    all.apply(transaction, now);
  };
}

}  // namespace localcloud
