#include "localcloud/services/s3/objects/body_md5.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

namespace localcloud::s3 {
namespace {

constexpr unsigned kThreadsMax = 4;
constexpr std::uint64_t kLargeBytes = 1 << 20;
constexpr std::size_t kWaitingMax = 16;  // blocks

}  // namespace

HashThreads::HashThreads() {
  const unsigned count = std::clamp(std::thread::hardware_concurrency() / 2, 1u, kThreadsMax);
  for (unsigned i = 0; i < count; ++i) threads_.push_back(std::make_unique<Thread>());
}

HashThreads::Loan HashThreads::lend() {
  for (const auto& thread : threads_) {
    if (!thread->is_lent.exchange(true)) return Loan(thread.get());
  }
  return nullptr;
}

// What the two threads share; it lives until the last block is hashed, even if the body is given up before.
class BodyMd5::Beside : public std::enable_shared_from_this<Beside> {
 public:
  Beside(aws::Hasher hasher, base::Executor& thread, base::Executor& home)
      : thread_(thread), home_(home), hasher_(std::move(hasher)) {}

  void post(std::string block) {
    {
      const std::lock_guard lock(mutex_);
      ++waiting_;
    }
    thread_.post([self = shared_from_this(), bytes = std::move(block)]() mutable {
      self->hasher_.update(bytes);
      self->done(std::move(bytes));
    });
  }

  // co_await until(n) goes on at home once no more than n blocks wait.
  auto until(std::size_t waiting_max) {
    struct Awaiter {
      Beside& beside;
      std::size_t waiting_max;
      bool await_ready() const noexcept { return false; }
      bool await_suspend(std::coroutine_handle<> waiter) const { return beside.suspend(waiter, waiting_max); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this, waiting_max};
  }

  // An empty one, with the memory of one that has been hashed.
  std::string spare() {
    const std::lock_guard lock(mutex_);
    if (spares_.empty()) return {};
    std::string spare = std::move(spares_.back());
    spares_.pop_back();
    return spare;
  }

  std::string finish() { return hasher_.finish(); }  // when none waits

 private:
  bool suspend(std::coroutine_handle<> waiter, std::size_t waiting_max) {
    const std::lock_guard lock(mutex_);
    if (waiting_ <= waiting_max) return false;
    waiter_ = waiter;
    waiting_max_ = waiting_max;
    return true;
  }

  void done(std::string block) {
    block.clear();
    std::coroutine_handle<> waiter;
    {
      const std::lock_guard lock(mutex_);
      if (spares_.size() < kWaitingMax) spares_.push_back(std::move(block));
      if (--waiting_ <= waiting_max_) waiter = std::exchange(waiter_, nullptr);
    }
    if (waiter) home_.post([waiter] { waiter.resume(); });
  }

  base::Executor& thread_;
  base::Executor& home_;
  aws::Hasher hasher_;  // the thread's, while a block waits
  std::mutex mutex_;
  std::size_t waiting_ = 0;
  std::vector<std::string> spares_;
  std::coroutine_handle<> waiter_;
  std::size_t waiting_max_ = 0;  // that the waiter asked for
};

void BodyMd5::ask_for_thread() {
  base::Executor* const home = base::Executor::current();
  if (!home) return;
  loan_ = threads_.lend();
  if (loan_) beside_ = std::make_shared<Beside>(std::move(hasher_), loan_->executor, *home);
}

base::Task<void> BodyMd5::take(std::string& block) {
  const bool was_large = size_ >= kLargeBytes;
  size_ += block.size();
  if (!was_large && size_ >= kLargeBytes) ask_for_thread();
  if (!beside_) {
    hasher_.update(block);
    block.clear();
    co_return;
  }
  beside_->post(std::exchange(block, beside_->spare()));
  co_await beside_->until(kWaitingMax);
}

base::Task<std::string> BodyMd5::finish() {
  if (!beside_) co_return hasher_.finish();
  co_await beside_->until(0);
  co_return beside_->finish();
}

}  // namespace localcloud::s3
