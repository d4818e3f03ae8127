#pragma once
// Runs executions: holds the running machines, carries out what they ask for, and makes what happens to them durable.
//
// A Standard execution's delivery is durable before its consequences show. An Express one's is written without waiting
// for it: one commit at the start, one for each task on the way, one at the end. Synchronous ones are not written at
// all.

#include <cstdint>
#include <memory>

#include "base/executor.hpp"
#include "base/ids.hpp"
#include "localcloud/services/stepfunctions/executions/definitions.hpp"
#include "localcloud/services/stepfunctions/executions/places.hpp"
#include "localcloud/services/stepfunctions/integrations.hpp"
#include "localcloud/services/stepfunctions/records.hpp"

namespace localcloud::stepfunctions {

// One execution that was taken on.
struct Running;
using RunningPointer = std::shared_ptr<Running>;
const Execution& execution_of(const Running& one);

// Thread-safe.
class Runner {
 public:
  // Everything given must outlive the runner; `workers` runs what no worker started (timers, what a restart resumes).
  Runner(storage::Store& store, base::Timers& timers, base::Ids& ids, base::Executor& workers,
         Integrations& integrations, LambdaInvoker& functions, LogWriter& logs, MetricWriter& metrics,
         PlacesMax places = {});
  // Stops: what runs goes on at the next start.
  ~Runner();

  // Takes up every execution that was running when the process ended. Once, at start-up, before requests are taken.
  void resume();

  // Takes an execution on; nothing where there is no place for it. Dropped before it was started, it never was.
  RunningPointer take_on(Execution execution, asl::Definition definition);
  // Runs one whose start is durable.
  void start(RunningPointer one);
  // Runs a synchronous one to its end, and answers it.
  Task<Execution> run_to_end(RunningPointer one);
  // Ends a running Standard execution, and answers it once that is durable; nothing where it doesn't run.
  Task<std::optional<Execution>> stop(ExecutionId id, asl::Failure why);

  std::size_t running_count() const;
  Integrations& integrations() const;
  Definitions& definitions() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// What a machine is told at its start.
asl::Facts facts_of(const Execution& execution);

}  // namespace localcloud::stepfunctions
