#pragma once
// How other rooms count: values are added up in memory and written once a second or so by a thread of its own, so
// nobody waits because of a metric. Those of the last second are lost where the process is killed.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "localcloud/services/metrics/records.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::metrics {

// Thread-safe.
class Recorder {
 public:
  struct Options {
    std::chrono::milliseconds every{1000};
    std::size_t points_max = 50'000;  // waiting; beyond it new metrics are dropped, and the log says so
  };

  // Everything given must outlive the recorder.
  Recorder(storage::Store& store, const base::Clock& clock);
  Recorder(storage::Store& store, const base::Clock& clock, Options options);
  // Writes what is there, then ends its thread.
  ~Recorder();

  // Counts `value` now. Returns at once.
  void record(const Place& place, const Metric& metric, double value, Unit unit);

  // Waits until everything recorded before is durable. Not on a worker.
  void flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace localcloud::metrics
