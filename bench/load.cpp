// The load generator: one thread, epoll, no parsing beyond an answer's status and length.

#include "bench/load.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kSilenceMax = std::chrono::seconds(10);

double cpu_s() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

bool begins_with_no_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
         });
}

std::size_t content_length(std::string_view head) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    constexpr std::string_view kName = "content-length:";
    const std::string_view line = head.substr(at + 2);
    if (!begins_with_no_case(line, kName)) continue;
    std::string_view digits = line.substr(kName.size());
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    std::size_t length = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    return length;
  }
  return 0;
}

// One kept-alive connection with one request at a time.
class Connection {
 public:
  explicit Connection(const Place& place) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(place.port);
    ::inet_pton(AF_INET, place.host.c_str(), &address.sin_addr);
    const int one = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS)
      throw std::runtime_error("no connection to " + place.text());
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  int socket() const { return socket_; }

  void begin(std::string_view request, Clock::time_point due) {
    left_ = request;
    due_ = due;
    head_.clear();
    body_left_ = -1;
    send();
  }
  bool is_sending() const { return !left_.empty(); }
  Clock::time_point due() const { return due_; }

  void send() {
    while (!left_.empty()) {
      const ssize_t sent = ::send(socket_, left_.data(), left_.size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) return;
      if (sent < 0) throw std::runtime_error("the server closed the connection");
      left_.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The status once the whole answer is there, else 0.
  int receive(std::string& body, std::size_t body_bytes_kept) {
    thread_local std::unique_ptr<char[]> buffer(new char[kBufferBytes]);
    while (true) {
      const ssize_t size = ::recv(socket_, buffer.get(), kBufferBytes, 0);
      if (size < 0 && errno == EAGAIN) return 0;
      if (size <= 0) throw std::runtime_error("the server closed the connection");
      std::string_view bytes(buffer.get(), static_cast<std::size_t>(size));
      if (body_left_ < 0 && !take_head(bytes, body)) continue;
      if (body.size() < body_bytes_kept) body += bytes.substr(0, body_bytes_kept - body.size());
      body_left_ -= static_cast<std::int64_t>(bytes.size());
      if (body_left_ <= 0) return status_;
    }
  }

 private:
  static constexpr std::size_t kBufferBytes = 256 * 1024;

  // Leaves in `bytes` what belongs to the body. False while the head isn't whole.
  bool take_head(std::string_view& bytes, std::string& body) {
    const std::size_t before = head_.size();
    head_ += bytes;
    const std::size_t end = head_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    bytes.remove_prefix(end + 4 - before);
    body_left_ = static_cast<std::int64_t>(content_length(std::string_view(head_).substr(0, end + 2)));
    status_ = std::atoi(head_.c_str() + 9);
    body.clear();
    return true;
  }

  int socket_;
  std::string_view left_;  // of the request
  Clock::time_point due_;
  std::string head_;
  std::int64_t body_left_ = -1;  // -1 until the head is whole
  int status_ = 0;
};

// One run: who is due, who is free, what came back.
class Run {
 public:
  explicit Run(const Load& load) : load_(load), epoll_(::epoll_create1(0)) {
    for (int number = 0; number < load.connections; ++number) {
      connections_.push_back(std::make_unique<Connection>(load.place));
      free_.push_back(connections_.back().get());
      epoll_event event{};
      event.events = EPOLLIN | EPOLLOUT | EPOLLET;
      event.data.ptr = connections_.back().get();
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->socket(), &event);
    }
  }
  ~Run() { ::close(epoll_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Measured measure() {
    const double cpu_before = cpu_s();
    begin_ = last_answer_ = Clock::now();
    end_ = begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load_.seconds));
    while (true) {
      start_what_is_due();
      if (is_over(Clock::now()) && free_.size() == connections_.size()) break;
      wait();
    }
    measured_.seconds = std::chrono::duration<double>(last_answer_ - begin_).count();
    measured_.client_cpu_s = cpu_s() - cpu_before;
    count_times();
    return measured_;
  }

 private:
  Clock::time_point due_at(long number) const {
    return begin_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(number) / load_.rate_per_s));
  }

  bool is_over(Clock::time_point now) const {
    if (load_.until == Load::Until::time_is_up) return now >= end_;
    return static_cast<std::size_t>(started_) == load_.requests.size();
  }

  void start_what_is_due() {
    for (auto now = Clock::now(); !free_.empty() && !is_over(now); now = Clock::now()) {
      const auto due = load_.rate_per_s > 0 ? due_at(started_) : now;
      if (due > now) return;
      Connection& connection = *free_.back();
      free_.pop_back();
      connection.begin(load_.requests[static_cast<std::size_t>(started_++) % load_.requests.size()], due);
    }
  }

  void wait() {
    constexpr int kEventsMax = 256;
    epoll_event events[kEventsMax];
    auto until = Clock::now() + std::chrono::milliseconds(100);
    if (load_.rate_per_s > 0 && !free_.empty()) until = std::min(until, due_at(started_));
    const auto left = std::max(Clock::duration::zero(), until - Clock::now());
    const timespec timeout{std::chrono::duration_cast<std::chrono::seconds>(left).count(),
                           (left % std::chrono::seconds(1)).count()};
    const int count = ::epoll_pwait2(epoll_, events, kEventsMax, &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      Connection& connection = *static_cast<Connection*>(events[i].data.ptr);
      if (events[i].events & EPOLLOUT && connection.is_sending()) connection.send();
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) take_answer(connection);
    }
    if (Clock::now() - last_answer_ > kSilenceMax) throw std::runtime_error("no answer for ten seconds");
  }

  void take_answer(Connection& connection) {
    const int status = connection.receive(body_, 512);
    if (status == 0) return;
    last_answer_ = Clock::now();
    times_ms_.push_back(std::chrono::duration<float, std::milli>(last_answer_ - connection.due()).count());
    if (status / 100 == 2) {
      ++measured_.answered;
    } else {
      if (measured_.failed++ == 0) measured_.failure = fmt::format("{}: {}", status, body_);
    }
    free_.push_back(&connection);
  }

  void count_times() {
    std::sort(times_ms_.begin(), times_ms_.end());
    const auto at = [this](double part) {
      if (times_ms_.empty()) return 0.0;
      const auto index = static_cast<std::size_t>(std::ceil(part * static_cast<double>(times_ms_.size()))) - 1;
      return static_cast<double>(times_ms_[std::min(index, times_ms_.size() - 1)]);
    };
    measured_.p50_ms = at(0.5);
    measured_.p99_ms = at(0.99);
    measured_.p999_ms = at(0.999);
  }

  const Load& load_;
  int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> free_;
  Clock::time_point begin_, end_, last_answer_;
  long started_ = 0;
  std::vector<float> times_ms_;
  std::string body_;
  Measured measured_;
};

}  // namespace

Place Place::of(std::string_view url) {
  url.remove_prefix(std::min(url.size(), std::string_view("http://").size()));
  const std::size_t colon = url.rfind(':');
  return {std::string(url.substr(0, colon)), static_cast<std::uint16_t>(std::stoi(std::string(url.substr(colon + 1))))};
}

std::string Place::text() const {
  return fmt::format("{}:{}", host, port);
}

Measured run(const Load& load) {
  return Run(load).measure();
}

std::string ask(const Place& place, std::string_view request) {
  Connection connection(place);
  const int epoll = ::epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, connection.socket(), &event);
  connection.begin(request, Clock::now());
  std::string body;
  int status = 0;
  while (status == 0) {
    if (::epoll_wait(epoll, &event, 1, static_cast<int>(std::chrono::milliseconds(kSilenceMax).count())) <= 0)
      throw std::runtime_error("no answer for ten seconds");
    connection.send();
    if (event.events & EPOLLIN) status = connection.receive(body, 1 << 24);
  }
  ::close(epoll);
  if (status / 100 != 2) throw std::runtime_error(fmt::format("{}: {}", status, body.substr(0, 512)));
  return body;
}

}  // namespace bench
