#pragma once
// The durable store: ordered keys and values, one writer lane, snapshots to read from. Knows bytes, not services.
//
// Every write is a function that the lane's one thread runs against a Transaction. The lane takes whatever has queued,
// runs it in order, each function seeing what those before it wrote, commits everything as one batch with one fsync,
// and only then lets the callers go on. So writes are serializable, need no locks, and share the fsync.
//
// Where the disk takes no writes, reads go on, and writes fail until it takes them again.

#include <coroutine>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/executor.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "localcloud/storage/failures.hpp"

namespace localcloud::storage {

enum class Step { go_on, stop };
using Visit = std::function<Step(std::string_view key, std::string_view value)>;

class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::optional<std::string> get(std::string_view key) const = 0;
  // Visits the keys in [from, to) in ascending order. The views hold until `visit` returns.
  virtual void scan(std::string_view from, std::string_view to, const Visit& visit) const = 0;
  // The same keys in descending order.
  virtual void scan_back(std::string_view from, std::string_view to, const Visit& visit) const = 0;
  // Of what get() answers for the key: wherever the version is the same, so is the record. Nothing where the record has
  // just been written, or is being written.
  virtual std::optional<std::uint64_t> version(std::string_view key) const = 0;

  void scan_prefix(std::string_view prefix, const Visit& visit) const;
};

// What a write function reads and writes: the store with every write before it, its own included.
class Transaction : public Reader {
 public:
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
};

template <class T>
using WriteFunction = std::move_only_function<Result<T>(Transaction&)>;

struct StoreOptions {
  std::filesystem::path folder;
  enum class Sync { every_commit, never } sync = Sync::every_commit;  // never: a throwaway store
  std::size_t queued_max = 100'000;                                   // writes waiting; beyond it StorageBusy
  Damage* damage = nullptr;                                           // told what a read finds damaged
};

// Thread-safe.
class Store {
 public:
  explicit Store(StoreOptions options);  // opens or creates it; throws StorageFailure
  ~Store();                              // finishes what has queued

  // The store as it is now; later writes don't show in it.
  std::unique_ptr<Reader> snapshot() const;
  // The store as it is at each call, a later write showing at once: for single records cheaper than a snapshot.
  const Reader& current() const;

  // Runs `function` on the lane. An error it returns, or an exception it throws, undoes what it wrote and nothing else.
  // No I/O and no waiting inside, and a bounded amount of work. Resumes, once its writes are durable, on the executor
  // that awaited it (on the lane's thread where there was none). Throws StorageUnavailable where nothing was written,
  // CommitFailure among them; whatever else it throws was thrown by `function`.
  template <class T>
  Task<Result<T>> write(WriteFunction<T> function);

  // The same for a thread that may wait: at start-up, in tests and on background threads. Never on a worker.
  template <class T>
  Result<T> write_and_wait(WriteFunction<T> function);

  // Makes a durable write that nobody reads, to find out whether one succeeds now; throws as write() does.
  Task<void> probe();

 private:
  // One write in the lane's queue. It lives in the coroutine (or on the stack) that waits for it.
  struct Job {
    virtual ~Job() = default;
    virtual bool run(Transaction& transaction) = 0;  // false: undo
    std::move_only_function<void()> finished;        // called after the commit, on the lane's thread
    std::exception_ptr failure;
  };
  template <class T>
  struct TypedJob final : Job {
    WriteFunction<T> function;
    std::optional<Result<T>> result;
    bool run(Transaction& transaction) override {
      result.emplace(function(transaction));
      return result->has_value();
    }
  };
  template <class T>
  struct Awaiter;

  void enqueue(Job& job);  // throws StorageBusy
  void wait_for(Job& job);

  struct State;
  std::unique_ptr<State> state_;
};

template <class T>
struct Store::Awaiter {
  Store& store;
  TypedJob<T> job;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    base::Executor* const here = base::Executor::current();
    job.finished = [waiting, here] {
      if (here) {
        here->post([waiting] { waiting.resume(); });
      } else {
        waiting.resume();
      }
    };
    store.enqueue(job);
  }
  Result<T> await_resume() {
    if (job.failure) std::rethrow_exception(job.failure);
    return std::move(*job.result);
  }
};

template <class T>
Task<Result<T>> Store::write(WriteFunction<T> function) {
  Awaiter<T> awaiter{*this, {}};
  awaiter.job.function = std::move(function);
  co_return co_await awaiter;
}

template <class T>
Result<T> Store::write_and_wait(WriteFunction<T> function) {
  TypedJob<T> job;
  job.function = std::move(function);
  wait_for(job);
  if (job.failure) std::rethrow_exception(job.failure);
  return std::move(*job.result);
}

}  // namespace localcloud::storage
