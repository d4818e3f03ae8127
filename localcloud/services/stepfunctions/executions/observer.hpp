#pragma once
// Tells the logs and the metrics of executions, as AWS vends them. Never on a request's path: both take and return.

#include <vector>

#include "localcloud/services/stepfunctions/asl/event.hpp"
#include "localcloud/services/stepfunctions/integrations.hpp"
#include "localcloud/services/stepfunctions/records.hpp"

namespace localcloud::stepfunctions {

// Thread-safe.
class Observer {
 public:
  Observer(LogWriter& logs, MetricWriter& metrics) : logs_(logs), metrics_(metrics) {}

  void started(const Execution& execution);
  void saw(const Execution& execution, std::vector<asl::Event> events);
  void ended(const Execution& execution);

 private:
  void count(const Execution& execution, std::string_view name, double value, std::string_view unit);

  LogWriter& logs_;
  MetricWriter& metrics_;
};

// The event without what includeExecutionData holds back.
void remove_execution_data(asl::Event& event);

}  // namespace localcloud::stepfunctions
