// epoll, an eventfd to wake it, and timers on the steady clock.

#include "localcloud/services/lambda/runtime/loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "base/check.hpp"

namespace localcloud::lambda {

namespace {
constexpr std::uint64_t kWake = 0;  // the eventfd's token
constexpr int kEventsMax = 64;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}
}  // namespace

struct Loop::State {
  struct Watched {
    std::uint64_t token;
    std::shared_ptr<Ready> ready;
  };

  int epoll = -1;
  int wake = -1;
  std::mutex mutex;
  std::vector<base::Work> queue;  // guarded by mutex
  bool stopping = false;          // guarded by mutex
  std::unordered_map<int, Watched> by_fd;
  std::unordered_map<std::uint64_t, std::shared_ptr<Ready>> by_token;  // a closed fd's late events find nothing here
  std::uint64_t last_token = kWake;
  std::multimap<Steady, base::Work> timers;
  std::thread thread;

  void run();
  void run_timers();
  bool run_queue();  // false once the loop should end
  int wait_ms() const;
  void control(int operation, int fd, std::uint32_t events, std::uint64_t token) const {
    epoll_event event{.events = events, .data = {.u64 = token}};
    if (epoll_ctl(epoll, operation, fd, &event) != 0) fail("epoll_ctl");
  }
};

Loop::Loop() : state_(std::make_unique<State>()) {
  state_->epoll = epoll_create1(EPOLL_CLOEXEC);
  state_->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (state_->epoll < 0 || state_->wake < 0) fail("epoll");
  state_->control(EPOLL_CTL_ADD, state_->wake, EPOLLIN, kWake);
  state_->thread = std::thread([this] {
    current() = this;
    state_->run();
  });
}

Loop::~Loop() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  post([] {});
  state_->thread.join();
  close(state_->epoll);
  close(state_->wake);
}

void Loop::post(base::Work work) {
  // Woken with the mutex held: the work may let go of the loop as soon as it can run.
  std::lock_guard lock(state_->mutex);
  const bool first = state_->queue.empty();
  state_->queue.push_back(std::move(work));
  if (!first) return;  // whoever queued the first one has woken the loop
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(state_->wake, &one, sizeof one);
}

void Loop::watch(int fd, Ready ready) {
  const std::uint64_t token = ++state_->last_token;
  auto shared = std::make_shared<Ready>(std::move(ready));
  const bool added = state_->by_fd.emplace(fd, State::Watched{token, shared}).second;
  CHECK(added);
  state_->by_token.emplace(token, std::move(shared));
  state_->control(EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLRDHUP, token);
}

void Loop::watch_writable(int fd) {
  state_->control(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLRDHUP | EPOLLOUT, state_->by_fd.at(fd).token);
}

void Loop::unwatch_writable(int fd) {
  state_->control(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLRDHUP, state_->by_fd.at(fd).token);
}

void Loop::forget(int fd) {
  const auto found = state_->by_fd.find(fd);
  CHECK(found != state_->by_fd.end());
  state_->by_token.erase(found->second.token);
  state_->by_fd.erase(found);
  epoll_ctl(state_->epoll, EPOLL_CTL_DEL, fd, nullptr);
}

void Loop::at(Steady when, base::Work work) {
  state_->timers.emplace(when, std::move(work));
}

int Loop::State::wait_ms() const {
  if (timers.empty()) return -1;
  const auto left = timers.begin()->first - std::chrono::steady_clock::now();
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 60'000));
}

void Loop::State::run_timers() {
  const Steady now = std::chrono::steady_clock::now();
  while (!timers.empty() && timers.begin()->first <= now) {
    base::Work work = std::move(timers.begin()->second);
    timers.erase(timers.begin());
    work();
  }
}

bool Loop::State::run_queue() {
  std::vector<base::Work> taken;
  {
    std::lock_guard lock(mutex);
    if (stopping) return false;
    taken.swap(queue);
  }
  for (base::Work& work : taken) work();
  return true;
}

void Loop::State::run() {
  epoll_event events[kEventsMax];
  for (;;) {
    const int count = epoll_wait(epoll, events, kEventsMax, wait_ms());
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    bool woken = false;
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 == kWake) {
        woken = true;
        continue;
      }
      const auto found = by_token.find(events[i].data.u64);
      if (found == by_token.end()) continue;
      const std::shared_ptr<Ready> ready = found->second;
      (*ready)(events[i].events);
    }
    if (woken) {
      std::uint64_t times;
      [[maybe_unused]] const ssize_t got = read(wake, &times, sizeof times);
      if (!run_queue()) return;
    }
    run_timers();
  }
}

}  // namespace localcloud::lambda
