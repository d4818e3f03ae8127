#pragma once
// The MD5 of a body as it arrives, on a thread beside the one that receives and writes it: of a large body it takes as
// long as all the rest.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/crypto.hpp"
#include "base/executor.hpp"
#include "base/task.hpp"

namespace localcloud::s3 {

// Threads that only hash, each lent to one body at a time: where many bodies arrive at once, every core has enough to
// do without. Thread-safe.
class HashThreads {
 public:
  HashThreads();

 private:
  friend class BodyMd5;
  struct Thread {
    std::atomic<bool> is_lent = false;
    base::ThreadExecutor executor;
  };
  struct Return {
    void operator()(Thread* thread) const { thread->is_lent = false; }
  };
  using Loan = std::unique_ptr<Thread, Return>;
  Loan lend();  // null where none is free

  std::vector<std::unique_ptr<Thread>> threads_;
};

// One body's. Not thread-safe.
class BodyMd5 {
 public:
  // A body that doesn't become large, or finds no thread free, is hashed where it arrives.
  explicit BodyMd5(HashThreads& threads) : threads_(threads) {}

  // The body's next bytes, which leave the block empty. Waits while the thread is 16 blocks behind; goes on on the
  // executor that it was called on.
  base::Task<void> take(std::string& block);
  base::Task<std::string> finish();  // 16 bytes; once

 private:
  class Beside;
  void ask_for_thread();

  HashThreads& threads_;
  std::uint64_t size_ = 0;
  aws::Hasher hasher_{aws::Digest::md5};  // until there is a thread
  HashThreads::Loan loan_;
  std::shared_ptr<Beside> beside_;
};

}  // namespace localcloud::s3
