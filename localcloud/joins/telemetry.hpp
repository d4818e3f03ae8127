#pragma once
// Other rooms' log lines and metrics: Lambda and Step Functions joined to CloudWatch Logs and Metrics, and log lines in
// Embedded Metric Format joined to metrics. Everything here only queues.

#include "localcloud/services/iam/sessions.hpp"
#include "localcloud/services/lambda/log_sink.hpp"
#include "localcloud/services/lambda/metric_sink.hpp"
#include "localcloud/services/logs/writer.hpp"
#include "localcloud/services/metrics/recorder.hpp"
#include "localcloud/services/stepfunctions/integrations.hpp"
#include "localcloud/wire/access.hpp"

namespace localcloud {

// A function's lines, under its role: what the role may not write is not written, as on AWS.
class LambdaLogs final : public lambda::LogSink {
 public:
  LambdaLogs(logs::Writer& writer, iam::RoleSessions& sessions, wire::Authorizer& authorizer, const base::Clock& clock)
      : writer_(writer), sessions_(sessions), authorizer_(authorizer), clock_(clock) {}
  void write(const lambda::LogStream& stream, std::vector<lambda::LogLine> lines) override;

 private:
  logs::Writer& writer_;
  iam::RoleSessions& sessions_;
  wire::Authorizer& authorizer_;
  const base::Clock& clock_;
};

class LambdaMetrics final : public lambda::MetricSink {
 public:
  explicit LambdaMetrics(metrics::Recorder& recorder) : recorder_(recorder) {}
  void record(std::vector<lambda::Measurement> measurements) override;

 private:
  metrics::Recorder& recorder_;
};

class StateMachineLogs final : public stepfunctions::LogWriter {
 public:
  explicit StateMachineLogs(logs::Writer& writer) : writer_(writer) {}
  void append(std::string_view log_group_arn, std::string_view stream,
              std::vector<stepfunctions::LogLine> lines) override;

 private:
  logs::Writer& writer_;
};

class StateMachineMetrics final : public stepfunctions::MetricWriter {
 public:
  explicit StateMachineMetrics(metrics::Recorder& recorder) : recorder_(recorder) {}
  void record(std::string_view account, std::string_view region, std::string_view state_machine_arn,
              stepfunctions::MetricValue value) override;

 private:
  metrics::Recorder& recorder_;
};

// Finds the metrics in log lines, whoever logs them, and writes them with the lines in one transaction.
class LoggedMetrics final : public logs::LineObserver {
 public:
  explicit LoggedMetrics(const base::Clock& clock) : clock_(clock) {}
  Apply prepare(std::span<const logs::Batch* const> batches) override;

 private:
  const base::Clock& clock_;
};

}  // namespace localcloud
