// What has come, and the time that it takes.

#include "localcloud/wire/http/connection.hpp"

#include <string.h>
#include <time.h>

namespace localcloud::wire::http {

namespace {

using Clock = Connection::Clock;

// Slower than this, a transfer runs out of patience.
constexpr std::size_t kBytesPerSecondMin = 512;
// While memory is scarce, whoever has taken so long must have been this fast.
constexpr std::chrono::seconds kUnhurried{10};
constexpr std::int64_t kScarceBytesPerSecondMin = 64 << 10;

// To some milliseconds, without a system call. The clock is steady_clock's.
Clock::time_point now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return Clock::time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

std::span<char> Buffer::room_for(std::size_t bytes) {
  const std::size_t used = end_ - begin_;
  if (used + bytes > capacity_) {
    const std::size_t capacity = std::max(used + bytes, 2 * used);
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (used > 0) ::memcpy(larger.get(), bytes_.get() + begin_, used);
    bytes_ = std::move(larger);
    capacity_ = capacity;
    begin_ = 0;
  } else if (used == 0 || end_ + bytes > capacity_) {
    ::memmove(bytes_.get(), bytes_.get() + begin_, used);
    begin_ = 0;
  }
  end_ = begin_ + used;
  return {bytes_.get() + end_, bytes};
}

void Buffer::shrink_to(std::size_t bytes) {
  if (end_ > begin_ || capacity_ <= bytes) return;
  bytes_ = nullptr;
  capacity_ = begin_ = end_ = 0;
}

void Connection::rest() {
  end_transfer();
  read_bytes_ = kReadBytesMin;
  buffer.shrink_to(kReadBytesMin);
}

void Connection::expect_within(std::chrono::seconds timeout) {
  deadline_ = now() + timeout;
}

bool Connection::is_over() const {
  const Clock::time_point time = now();
  if (deadline_ < time) return true;
  if (transfer_.began > time - kUnhurried || !memory.is_scarce()) return false;
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time - transfer_.began).count();
  return static_cast<std::int64_t>(transfer_.bytes) < seconds * kScarceBytesPerSecondMin;
}

void Connection::end_reading(Clock::time_point since, std::size_t bytes) {
  if (bytes == read_bytes_ && !memory.is_scarce()) read_bytes_ = std::min(2 * read_bytes_, kReadBytesMax);
  if (!transfer_.is_on()) begin_transfer(options.read_timeout);
  end_waiting(since, bytes, options.read_timeout);
}

void Connection::begin_writing(std::size_t written_at_once) {
  if (!transfer_.is_on()) begin_transfer(options.write_timeout);
  transfer_.bytes += written_at_once;
}

void Connection::begin_transfer(std::chrono::seconds timeout) {
  transfer_ = {.began = now(), .patience = timeout};
}

Clock::time_point Connection::begin_waiting() {
  const Clock::time_point since = now();
  if (transfer_.is_on()) deadline_ = since + transfer_.patience;
  return since;
}

void Connection::end_waiting(Clock::time_point since, std::size_t bytes, std::chrono::seconds timeout) {
  transfer_.bytes += bytes;
  const auto worn = std::chrono::duration_cast<std::chrono::milliseconds>(now() - std::max(since, transfer_.began));
  const auto restored = std::chrono::milliseconds(bytes * 1000 / kBytesPerSecondMin);
  transfer_.patience = std::min<std::chrono::milliseconds>(transfer_.patience - worn + restored, timeout);
}

}  // namespace localcloud::wire::http
