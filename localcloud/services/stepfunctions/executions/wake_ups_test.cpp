// Wake-ups come in their order and when they are due; those taken back never, and nothing is kept of them.

#include "localcloud/services/stepfunctions/executions/wake_ups.hpp"

#include <gtest/gtest.h>

namespace localcloud::stepfunctions {
namespace {

using std::chrono::seconds;

class WakeUpsTest : public testing::Test {
 protected:
  base::Work say(std::string what) {
    return [this, what = std::move(what)] { said_ += what; };
  }
  base::Time in(int delay_s) const { return clock_.now() + seconds(delay_s); }

  base::ManualClock clock_{base::from_unix_s(1'000'000)};
  base::ManualTimers timers_{clock_};
  WakeUps wake_ups_{timers_};
  std::string said_;
};

// Whatever the order in which they were set, also where an earlier one comes while a timer waits for a later one.
TEST_F(WakeUpsTest, come_when_they_are_due) {
  wake_ups_.set(in(20), say("c"));
  wake_ups_.set(in(10), say("a"));
  wake_ups_.set(in(10), say("b"));
  timers_.advance(seconds(9));
  EXPECT_EQ(said_, "");
  timers_.advance(seconds(1));
  EXPECT_EQ(said_, "ab");
  wake_ups_.set(in(5), say("-"));
  timers_.advance(seconds(10));
  EXPECT_EQ(said_, "ab-c");
}

// The timer for one that was taken back wakes the next in time.
TEST_F(WakeUpsTest, are_taken_back) {
  const auto held = std::make_shared<int>();
  const WakeUps::Ticket ticket = wake_ups_.set(in(10), [held] { FAIL(); });
  wake_ups_.set(in(15), say("next"));
  EXPECT_EQ(held.use_count(), 2);
  wake_ups_.cancel(ticket);
  EXPECT_EQ(held.use_count(), 1);
  timers_.advance(seconds(15));
  EXPECT_EQ(said_, "next");
  wake_ups_.cancel(ticket);
}

// What is pending when it goes is dropped.
TEST_F(WakeUpsTest, end_with_their_owner) {
  {
    WakeUps gone(timers_);
    gone.set(in(1), say("no"));
  }
  timers_.advance(seconds(2));
  EXPECT_EQ(said_, "");
}

}  // namespace
}  // namespace localcloud::stepfunctions
