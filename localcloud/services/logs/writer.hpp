#pragma once
// How other rooms log: lines are queued at once and written in batches by a thread of its own, so nobody waits for the
// disk because of a log line. Lambda's START, END and REPORT, Step Functions' histories and vended logs come this way.

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/logs/records.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::logs {

struct Line {
  std::int64_t timestamp_ms = 0;
  std::string message;
};

struct Destination {
  std::string account;
  std::string region;
  std::string group;
  std::string stream;

  Place place() const { return {account, region}; }
};

// What the writer may create that isn't there; the asker knows what its role allows.
enum class Missing { refuse, create_stream, create_group_and_stream };

struct Batch {
  Destination destination;
  std::vector<Line> lines;
  Missing missing = Missing::create_group_and_stream;
};

// Sees every line that is appended, whoever appends it: so metrics are extracted from lines (main.cpp joins the two).
class LineObserver {
 public:
  virtual ~LineObserver() = default;
  // `written` says for each of the batches whether it found its stream.
  using Apply = std::move_only_function<void(storage::Transaction&, const std::vector<bool>& written)>;
  // Called on the appender's thread before the lines are written; the batches live until it returns. What it returns,
  // where it returns anything, runs in the transaction that writes them: neither exists without the other. Thread-safe.
  virtual Apply prepare(std::span<const Batch* const> batches) = 0;
};

// Thread-safe.
class Writer {
 public:
  struct Options {
    std::chrono::milliseconds linger{10};             // how long to gather lines before they are written
    std::size_t queued_bytes_max = 64 * 1024 * 1024;  // beyond it lines are dropped, and the log says so
  };

  // `observer` may be null. Everything given must outlive the writer.
  Writer(storage::Store& store, const base::Clock& clock, LineObserver* observer);
  Writer(storage::Store& store, const base::Clock& clock, LineObserver* observer, Options options);
  // Writes what is queued, then ends its thread.
  ~Writer();

  // Takes the lines over and returns at once. They are durable some milliseconds later, in the order of their times;
  // lines for a group or stream that is missing and may not be created are dropped, as are empty ones.
  void append(Batch batch);

  // Waits until everything appended before is durable. Not on a worker.
  void flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace localcloud::logs
