#pragma once
// Events of linked functions: run at once, on the worker that they come in on, with everything that an instance gives
// to a process: its START, END and REPORT lines, its log stream, its time.

#include <memory>
#include <string>

#include "base/executor.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "localcloud/services/lambda/linked_code.hpp"
#include "localcloud/services/lambda/log_sink.hpp"
#include "localcloud/services/lambda/runtime/invocation.hpp"
#include "localcloud/services/lambda/runtime/usage.hpp"

namespace localcloud::lambda {

// Thread-safe. Its destructor answers what still runs; what is given must outlive it.
class LinkedPool {
 public:
  LinkedPool(LinkedCode& code, base::Timers& timers, base::Ids& ids, LogSink& logs, Usage& usage);
  ~LinkedPool();

  bool has(const FunctionVersion& version) const;
  // Only what it has.
  Task<Answer> invoke(std::shared_ptr<const FunctionVersion> version, InvokeRequest request);
  // The function was changed or deleted: what runs goes on, the next event starts it anew.
  void retire(const std::string& function_arn);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace localcloud::lambda
