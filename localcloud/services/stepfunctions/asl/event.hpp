#pragma once
// One event of an execution's history, as GetExecutionHistory names and fills it.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "json/value.hpp"

namespace localcloud::stepfunctions::asl {

struct Event {
  std::int64_t id = 0;
  std::int64_t previous = 0;
  base::Time time;
  std::string type;          // "TaskStateEntered"
  std::string details_name;  // "stateEnteredEventDetails"; empty where the type has none
  json::Object details;
};

// Whether events of this type tell that something failed, was aborted or ran out of time.
bool is_failure(std::string_view type);

}  // namespace localcloud::stepfunctions::asl
