// One timer, for the first of the wake-ups. It may find that the first was taken back, and then waits for the next.

#include "localcloud/services/stepfunctions/executions/wake_ups.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace localcloud::stepfunctions {

struct WakeUps::State : std::enable_shared_from_this<State> {
  explicit State(base::Timers& the_timers) : timers(the_timers) {}

  // With the mutex held.
  void wait_for_the_first() {
    if (pending.empty() || pending.begin()->first.due >= waited_for) return;
    waited_for = pending.begin()->first.due;
    timers.at(waited_for, [weak = weak_from_this(), due = waited_for] {
      if (const auto self = weak.lock()) self->run(due);
    });
  }

  void run(base::Time due) {
    std::vector<base::Work> works;
    {
      const std::lock_guard lock(mutex);
      while (!pending.empty() && pending.begin()->first.due <= due) {
        works.push_back(std::move(pending.begin()->second));
        pending.erase(pending.begin());
      }
      // Where an earlier one was set meanwhile, its timer goes on.
      if (due == waited_for) waited_for = base::Time::max();
      wait_for_the_first();
    }
    for (base::Work& work : works) work();
  }

  base::Timers& timers;
  std::mutex mutex;  // of what follows
  std::map<Ticket, base::Work> pending;
  std::uint64_t count = 0;
  base::Time waited_for = base::Time::max();  // a timer runs then
};

WakeUps::WakeUps(base::Timers& timers) : state_(std::make_shared<State>(timers)) {}
WakeUps::~WakeUps() = default;

WakeUps::Ticket WakeUps::set(base::Time due, base::Work work) {
  const std::lock_guard lock(state_->mutex);
  const Ticket ticket{due, ++state_->count};
  state_->pending.emplace(ticket, std::move(work));
  state_->wait_for_the_first();
  return ticket;
}

void WakeUps::cancel(const Ticket& ticket) {
  const std::lock_guard lock(state_->mutex);
  state_->pending.erase(ticket);
}

}  // namespace localcloud::stepfunctions
