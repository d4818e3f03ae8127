// Tasks and timers: values and exceptions pass through awaits; time moves only when told.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "base/executor.hpp"
#include "base/task.hpp"

namespace base {
namespace {

Task<int> answer() {
  co_return 42;
}
Task<int> add(int a) {
  co_return a + co_await answer();
}
Task<int> broken() {
  throw std::runtime_error("broken");
  co_return 0;
}

Task<void> collect(std::string& out) {
  out += std::to_string(co_await add(1));
  try {
    co_await broken();
  } catch (const std::runtime_error& error) {
    out += error.what();
  }
}

// A value comes back through nested tasks, and an exception does too.
TEST(Task, CarriesValuesAndExceptions) {
  std::string out;
  spawn(collect(out));
  EXPECT_EQ(out, "43broken");
}

Task<void> sleep_twice(Timers& timers, std::string& out) {
  co_await sleep_until(timers, timers.clock().now() + std::chrono::seconds(1));
  out += "a";
  co_await sleep_until(timers, timers.clock().now() + std::chrono::hours(1));
  out += "b";
}

// With a manual clock nothing waits: what is due runs when the clock is moved past it.
TEST(Timers, RunWhenTheClockMoves) {
  ManualClock clock;
  ManualTimers timers(clock);
  std::string out;
  spawn(sleep_twice(timers, out));
  EXPECT_EQ(out, "");
  timers.advance(std::chrono::seconds(1));
  EXPECT_EQ(out, "a");
  timers.advance(std::chrono::hours(2));
  EXPECT_EQ(out, "ab");
}

// An executor runs what is posted in order, and finishes it before it goes.
TEST(ThreadExecutor, RunsInOrder) {
  std::string out;
  {
    ThreadExecutor executor;
    for (char c = 'a'; c <= 'e'; ++c) executor.post([&out, c] { out += c; });
  }
  EXPECT_EQ(out, "abcde");
}

}  // namespace
}  // namespace base
