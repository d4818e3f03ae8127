// Bytes in and out, and the time they take.

#include "localcloud/wire/http/connection.hpp"

#include <time.h>

namespace localcloud::wire::http {

namespace {

namespace asio = boost::asio;

// An idle connection has the least; who sends much is read in large pieces.
constexpr std::size_t kReadBytesMin = 4 << 10;
constexpr std::size_t kReadBytesMax = 64 << 10;
// Slower than this, a transfer runs out of patience.
constexpr std::size_t kBytesPerSecondMin = 512;
// While memory is scarce, whoever has taken so long must have been this fast.
constexpr std::chrono::seconds kUnhurried{10};
constexpr std::int64_t kScarceBytesPerSecondMin = 64 << 10;
constexpr std::chrono::seconds kPartingTime{2};

// To some milliseconds, without a system call. The clock is steady_clock's.
Clock::time_point now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return Clock::time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

// Awaits one asynchronous operation: `start(completion)` begins it.
template <class Start>
struct Await {
  Start start;
  ErrorCode error{};
  std::size_t bytes = 0;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    start([this, waiting](ErrorCode ec, std::size_t n) {
      error = ec;
      bytes = n;
      waiting.resume();
    });
  }
  void await_resume() const noexcept {}
};

}  // namespace

Connection::Connection(tcp::socket accepted, Connections& its_neighbours, const ServerOptions& its_options,
                       Memory& its_memory)
    : socket(std::move(accepted)),
      neighbours(its_neighbours),
      options(its_options),
      memory(its_memory),
      read_bytes(kReadBytesMin),
      place(neighbours.insert(neighbours.end(), this)) {
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  const auto peer = socket.remote_endpoint(ignored);
  if (!ignored) source_ip = peer.address().to_string();
}

void Connection::close() {
  ErrorCode ignored;
  socket.close(ignored);
}

Task<bool> Connection::read_more() {
  const Clock::time_point since = begin_waiting();
  const auto space = buffer.prepare(read_bytes);
  // Asio reads at once only where the last read left bytes behind, which spares a call that finds none.
  auto start = [this, space](auto completion) { socket.async_read_some(space, std::move(completion)); };
  Await<decltype(start)> read{start};
  co_await read;
  buffer.commit(read.bytes);
  if (read.bytes == read_bytes && !memory.is_scarce()) read_bytes = std::min(2 * read_bytes, kReadBytesMax);
  if (!transfer.is_on()) begin_transfer(options.read_timeout);
  end_waiting(since, read.bytes, options.read_timeout);
  co_return !read.error && read.bytes > 0;
}

Task<bool> Connection::write(std::string_view bytes, Held& held) {
  ErrorCode ec;
  const std::size_t sent = socket.write_some(asio::buffer(bytes), ec);  // often all of it
  if (!ec) bytes.remove_prefix(sent);
  if (ec && ec != asio::error::would_block) co_return false;
  if (!ec) transfer.bytes += sent;
  if (bytes.empty()) co_return true;
  held.add(bytes.size());
  if (!transfer.is_on()) begin_transfer(options.write_timeout);
  while (!bytes.empty()) {
    const Clock::time_point since = begin_waiting();
    auto start = [this, bytes](auto completion) {
      socket.async_write_some(asio::buffer(bytes), std::move(completion));
    };
    Await<decltype(start)> more{start};
    co_await more;
    if (more.error) co_return false;
    bytes.remove_prefix(more.bytes);
    end_waiting(since, more.bytes, options.write_timeout);
  }
  co_return true;
}

Task<void> Connection::part() {
  ErrorCode ignored;
  socket.shutdown(tcp::socket::shutdown_send, ignored);
  expect_within(kPartingTime);
  for (bool more = true; more;) {
    buffer.clear();
    auto start = [this, space = buffer.prepare(read_bytes)](auto completion) {
      socket.async_read_some(space, std::move(completion));
    };
    Await<decltype(start)> read{start};
    co_await read;
    more = !read.error && read.bytes > 0;
  }
}

void Connection::rest() {
  end_transfer();
  read_bytes = kReadBytesMin;
  if (buffer.size() == 0 && buffer.capacity() > kReadBytesMin) buffer.shrink_to_fit();
}

void Connection::expect_within(std::chrono::seconds timeout) {
  deadline = now() + timeout;
}

void Connection::begin_transfer(std::chrono::seconds timeout) {
  transfer = {.began = now(), .patience = timeout};
}

Clock::time_point Connection::begin_waiting() {
  const Clock::time_point since = now();
  if (transfer.is_on()) deadline = since + transfer.patience;
  return since;
}

void Connection::end_waiting(Clock::time_point since, std::size_t bytes, std::chrono::seconds timeout) {
  transfer.bytes += bytes;
  const auto worn = std::chrono::duration_cast<std::chrono::milliseconds>(now() - std::max(since, transfer.began));
  const auto restored = std::chrono::milliseconds(bytes * 1000 / kBytesPerSecondMin);
  transfer.patience = std::min<std::chrono::milliseconds>(transfer.patience - worn + restored, timeout);
}

bool Connection::is_over() const {
  const Clock::time_point time = now();
  if (deadline < time) return true;
  if (transfer.began > time - kUnhurried || !memory.is_scarce()) return false;
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time - transfer.began).count();
  return static_cast<std::int64_t>(transfer.bytes) < seconds * kScarceBytesPerSecondMin;
}

}  // namespace localcloud::wire::http
