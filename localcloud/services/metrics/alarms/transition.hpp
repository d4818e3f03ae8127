#pragma once
// An alarm's change of state: what is written, and the actions that follow.

#include <string>
#include <vector>

#include "localcloud/services/metrics/alarm_records.hpp"

namespace localcloud::metrics::alarms {

// Carries out the actions of alarms; main.cpp joins it to Lambda. Thread-safe.
class Actions {
 public:
  virtual ~Actions() = default;
  enum class Outcome { started, unknown_kind };
  // Starts the action that the ARN names, with the alarm's event as JSON, and returns at once.
  virtual Outcome run(const Place& place, const std::string& arn, const std::string& event) = 0;
};

struct StateChange {
  MetricAlarm before;
  MetricAlarm after;
  std::vector<std::string> actions;  // ARNs to run now
};

// Gives the alarm its new state, with a line in its history where the state is another one. Actions follow only then.
StateChange change_state(storage::Transaction& transaction, const Place& place, StoredAlarm stored, StateValue state,
                         std::string reason, std::optional<std::string> reason_data, base::Time now);

// Runs the change's actions; gives the lines that the alarm's history gets for them. `actions` may be null.
std::vector<HistoryItem> run_actions(Actions* actions, const Place& place, const StateChange& change, base::Time now);

}  // namespace localcloud::metrics::alarms
