#pragma once
// Where a function's log lines go. main.cpp joins it to CloudWatch Logs, under the function's role: a role without
// logs:CreateLogGroup, logs:CreateLogStream and logs:PutLogEvents gets no logs, as on AWS.

#include <string>
#include <vector>

#include "base/clock.hpp"

namespace localcloud::lambda {

struct LogLine {
  base::Time time;
  std::string message;  // as the function wrote it, its line break included
};

struct LogStream {
  std::string account;
  std::string region;
  std::string group;  // "/aws/lambda/<name>"
  std::string name;   // "2026/11/22/[$LATEST]<32 hex digits>"
  std::string role_arn;
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Called on Lambda's own thread: it must only queue. The lines of one stream come in order of time.
  virtual void write(const LogStream& stream, std::vector<LogLine> lines) = 0;
};

}  // namespace localcloud::lambda
