#pragma once
// The instances of all functions: which of them takes an event, when another one starts, when one goes. Functions whose
// code is linked have none: LinkedPool takes their events.

#include <memory>
#include <string>

#include "base/ids.hpp"
#include "base/task.hpp"
#include "localcloud/services/lambda/log_sink.hpp"
#include "localcloud/services/lambda/metric_sink.hpp"
#include "localcloud/services/lambda/role_credentials.hpp"
#include "localcloud/services/lambda/runtime/function_version.hpp"
#include "localcloud/services/lambda/runtime/instance.hpp"
#include "localcloud/services/lambda/runtime/linked_pool.hpp"
#include "localcloud/services/lambda/runtime/usage.hpp"

namespace localcloud::lambda {

struct PoolSettings {
  std::filesystem::path temp_folder;  // for the instances' scratch folders; emptied at the start
  std::string endpoint_url;           // where functions find localcloud
  int concurrency_max = 1000;         // events in work or waiting, of one account: beyond it they are refused
  // Instances of a function that are started as soon as there is an event for them. One more starts whenever an event
  // has waited for `patience`, so that functions that wait, or call each other, don't block themselves.
  int eager_instances_max = 0;  // 0: twice the processors and two
  base::Duration patience = std::chrono::milliseconds(100);
  Namespaces namespaces = best_namespaces();
  base::Duration idle_for_max = std::chrono::minutes(5);
};

// Thread-safe. Its destructor ends every process and answers what still waits. What it is given outlives it.
class Pool {
 public:
  // `linked` may be null: then every function is a process.
  Pool(PoolSettings settings, base::Timers& timers, base::Ids& ids, RoleCredentials& credentials, LogSink& logs,
       MetricSink& metrics, LinkedCode* linked);
  ~Pool();

  // Resumes on the executor that awaited it.
  Task<Answer> invoke(std::shared_ptr<const FunctionVersion> version, InvokeRequest request);

  // The function was changed or deleted: its idle instances end now, the others after their event.
  void retire(std::string function_arn);
  // Where functions find localcloud, once the port is known. Before the first invocation.
  void set_endpoint_url(std::string url);

 private:
  class State;
  Usage usage_;
  std::unique_ptr<State> state_;
  std::optional<LinkedPool> linked_;
};

}  // namespace localcloud::lambda
