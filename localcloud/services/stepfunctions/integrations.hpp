#pragma once
// What this room needs of others, which main.cpp joins: calls of AWS services under the state machine's role,
// functions, vended logs and metrics.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "json/document.hpp"

namespace localcloud::stepfunctions {

// For whom a task acts: its state machine, under the role that states.amazonaws.com assumes for it.
struct Acting {
  std::string role_arn;
  std::string state_machine_arn;  // aws:SourceArn in the role's trust policy
  std::string account, region;
};

// Calls a service's API as AWS's SDKs name it: service "dynamodb", action "PutItem", the request's members as JSON,
// answered with the response's members as JSON. The role is assumed by states.amazonaws.com and its policies decide; a
// refusal is a ServiceError as a client would see it. Thread-safe.
class Integrations {
 public:
  virtual ~Integrations() = default;
  // Whether such a call can be made. Asked when a definition is created, so that one that can't run is refused by name.
  virtual bool knows(std::string_view service, std::string_view action) const = 0;
  virtual Task<Result<json::Value>> call(Acting acting, std::string service, std::string action,
                                         json::Value parameters) = 0;
  // Whether the role's policies allow it that action on that resource, as a call would find.
  virtual bool may(const Acting& acting, std::string_view action, std::string_view resource) = 0;
};

struct FunctionCall {
  Acting acting;
  std::string function;   // a name or an ARN
  std::string qualifier;  // empty: none
  json::Document payload;
  std::string invocation_type = "RequestResponse";  // or Event, DryRun
  std::string client_context;                       // base64 of JSON; empty: none
};

struct FunctionReply {
  int status = 200;
  json::Document payload;  // of a function error AWS's {"errorMessage": …, "errorType": …}
  std::string executed_version = "$LATEST";
  std::string function_error;  // "Handled", "Unhandled"; empty: none
};

// Runs Lambda functions under the state machine's role. Thread-safe.
class LambdaInvoker {
 public:
  virtual ~LambdaInvoker() = default;
  virtual Task<Result<FunctionReply>> invoke(FunctionCall call) = 0;
};

struct LogLine {
  base::Time time;
  std::string message;
};

// Takes lines for a log group and returns at once; the group must exist, the stream is made. Thread-safe.
class LogWriter {
 public:
  virtual ~LogWriter() = default;
  virtual void append(std::string_view log_group_arn, std::string_view stream, std::vector<LogLine> lines) = 0;
};

struct MetricValue {
  std::string name;  // "ExecutionsStarted"
  double value = 0;
  std::string unit;  // "Count", "Milliseconds"
};

// Counts in the namespace AWS/States, with the dimension StateMachineArn, and returns at once. Thread-safe.
class MetricWriter {
 public:
  virtual ~MetricWriter() = default;
  virtual void record(std::string_view account, std::string_view region, std::string_view state_machine_arn,
                      MetricValue value) = 0;
};

}  // namespace localcloud::stepfunctions
