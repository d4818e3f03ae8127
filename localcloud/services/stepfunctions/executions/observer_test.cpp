// Which events each level logs.
// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level

#include "localcloud/services/stepfunctions/executions/observer.hpp"

#include <gtest/gtest.h>

namespace localcloud::stepfunctions {
namespace {

struct Lines final : LogWriter {
  std::size_t count = 0;
  void append(std::string_view, std::string_view, std::vector<LogLine> lines) override { count += lines.size(); }
};
struct NoMetrics final : MetricWriter {
  void record(std::string_view, std::string_view, std::string_view, MetricValue) override {}
};

bool is_logged(const std::string& level, const std::string& type) {
  Lines lines;
  NoMetrics metrics;
  Execution execution{.id = {{"123456789012", "us-east-1", "m"}, "run"}, .logging = {.level = level}};
  std::vector<asl::Event> events(1);
  events[0].type = type;
  Observer(lines, metrics).saw(execution, std::move(events));
  return lines.count == 1;
}

TEST(Observer, LogsWhatItsLevelSays) {
  struct Case {
    const char* type;
    bool error, fatal;
  };
  for (const Case& it : {Case{"ExecutionStarted", false, false},
                         Case{"ExecutionSucceeded", false, false},
                         Case{"ExecutionFailed", true, true},
                         Case{"ExecutionAborted", true, true},
                         Case{"ExecutionTimedOut", true, true},
                         Case{"TaskStateEntered", false, false},
                         Case{"TaskStateAborted", true, false},
                         Case{"TaskFailed", true, false},
                         Case{"TaskTimedOut", true, false},
                         Case{"LambdaFunctionScheduled", false, false},
                         Case{"LambdaFunctionScheduleFailed", true, false},
                         Case{"LambdaFunctionStartFailed", true, false},
                         Case{"LambdaFunctionFailed", true, false},
                         Case{"LambdaFunctionTimedOut", true, false},
                         Case{"LambdaFunctionSucceeded", false, false},
                         Case{"ParallelStateFailed", true, false},
                         Case{"MapIterationFailed", true, false},
                         Case{"MapIterationAborted", true, false},
                         Case{"WaitStateAborted", true, false},
                         Case{"FailStateEntered", true, false},
                         Case{"PassStateExited", false, false}}) {
    EXPECT_TRUE(is_logged("ALL", it.type)) << it.type;
    EXPECT_EQ(is_logged("ERROR", it.type), it.error) << it.type;
    EXPECT_EQ(is_logged("FATAL", it.type), it.fatal) << it.type;
    EXPECT_FALSE(is_logged("OFF", it.type)) << it.type;
  }
}

}  // namespace
}  // namespace localcloud::stepfunctions
