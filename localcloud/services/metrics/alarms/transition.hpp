#pragma once
// An alarm's change of state: what is written, and the actions that follow.

#include <string>
#include <vector>

#include "base/task.hpp"
#include "localcloud/services/metrics/alarm_records.hpp"

namespace localcloud::metrics::alarms {

struct Action {
  Place place;
  std::string alarm_arn;
  std::string arn;    // what to run
  std::string event;  // JSON: what it is told
};

// Carries out the actions of alarms; main.cpp joins it to Lambda. Thread-safe.
class Actions {
 public:
  virtual ~Actions() = default;
  // Ends when the action has been accepted, or answers why it couldn't be.
  virtual Task<Result<Done>> run(Action action) = 0;
};

struct StateChange {
  MetricAlarm before;
  MetricAlarm after;
  std::vector<std::string> actions;  // ARNs to run now
};

// Gives the alarm its new state, with a line in its history where the state is another one. Actions follow only then.
StateChange change_state(storage::Transaction& transaction, const Place& place, StoredAlarm stored, StateValue state,
                         std::string reason, std::optional<std::string> reason_data, base::Time now);

// Runs the change's actions and writes into the alarm's history how they went.
Task<void> act(storage::Store& store, Actions& actions, Place place, StateChange change, base::Time now);

}  // namespace localcloud::metrics::alarms
