#pragma once
// The time, injected everywhere, so that expiry, waits and alarms are tested without waiting.

#include <atomic>
#include <chrono>
#include <cstdint>

namespace base {

// A moment in UTC, to the microsecond.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

inline std::int64_t to_unix_s(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}
inline std::int64_t to_unix_ms(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
inline std::int64_t to_unix_us(Time time) {
  return time.time_since_epoch().count();
}
inline Time from_unix_s(std::int64_t s) {
  return Time{std::chrono::seconds{s}};
}
inline Time from_unix_ms(std::int64_t ms) {
  return Time{std::chrono::milliseconds{ms}};
}
inline Time from_unix_us(std::int64_t us) {
  return Time{std::chrono::microseconds{us}};
}

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }
};

// A clock that moves when a test says so.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = from_unix_s(1'750'000'000)) : now_us_(to_unix_us(start)) {}
  Time now() const override { return from_unix_us(now_us_.load()); }
  void advance(Duration by) { now_us_ += by.count(); }
  void set(Time time) { now_us_ = to_unix_us(time); }

 private:
  std::atomic<std::int64_t> now_us_;
};

}  // namespace base
