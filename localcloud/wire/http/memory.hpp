#pragma once
// The server's count of the bytes that requests, and answers that nobody has read yet, hold in memory.

#include <atomic>
#include <cstddef>

namespace localcloud::wire::http {

// Thread-safe.
class Memory {
 public:
  explicit Memory(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  // Whether so much is held that the slow must go, lest the others be refused.
  bool is_scarce() const { return bytes_.load(std::memory_order_relaxed) > bytes_max_ / 2; }

 private:
  friend class Held;
  const std::size_t bytes_max_;
  std::atomic<std::size_t> bytes_ = 0;
};

// What one request holds, until it is given back. Not thread-safe.
class Held {
 public:
  explicit Held(Memory& memory) : memory_(memory) {}
  ~Held() { give_back(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  // Holds `bytes` more where there is room for them.
  bool ask(std::size_t bytes) {
    const std::size_t more = to_count(bytes);
    if (more > 0 && (memory_.bytes_ += more) > memory_.bytes_max_) {
      memory_.bytes_ -= more;
      return false;
    }
    count(bytes, more);
    return true;
  }
  // Holds what is there already, room or none.
  void add(std::size_t bytes) {
    const std::size_t more = to_count(bytes);
    if (more > 0) memory_.bytes_ += more;
    count(bytes, more);
  }
  void give_back() {
    if (counted_ > 0) memory_.bytes_ -= counted_;
    bytes_ = counted_ = 0;
  }

 private:
  // Little isn't counted, and so never refused: all connections together don't have enough of it to harm.
  static constexpr std::size_t kUncountedBytes = 4 << 10;

  std::size_t to_count(std::size_t bytes) const {
    return bytes_ + bytes <= kUncountedBytes ? 0 : bytes_ + bytes - counted_;
  }
  void count(std::size_t bytes, std::size_t more) {
    bytes_ += bytes;
    counted_ += more;
  }

  Memory& memory_;
  std::size_t bytes_ = 0;
  std::size_t counted_ = 0;  // of them
};

}  // namespace localcloud::wire::http
