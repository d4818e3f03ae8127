#pragma once
// What the disk does to those who read and write, and where damage is noted.

#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

namespace localcloud::storage {

// The disk or the store failed. By itself: what was asked for can't be read, or isn't what was written.
class StorageFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// No writes are taken now. Nothing was written; trying again later may succeed.
class StorageUnavailable : public StorageFailure {
 public:
  using StorageFailure::StorageFailure;
};

// More writes are waiting than the lane takes on.
class StorageBusy : public StorageUnavailable {
 public:
  using StorageUnavailable::StorageUnavailable;
};

// The commit failed half-way: nothing is visible, but should the process end before the store has recovered, the next
// start may find it.
class CommitFailure : public StorageUnavailable {
 public:
  using StorageUnavailable::StorageUnavailable;
};

// What was found on the disk that isn't what was written: noted for whoever asks after the server's health, and logged.
// Thread-safe.
class Damage {
 public:
  void note(const std::string& what);
  std::optional<std::string> last() const;

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> last_;
};

}  // namespace localcloud::storage
