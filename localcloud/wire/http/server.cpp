// The event loops, and the connections that they accept.

#include "localcloud/wire/http/server.hpp"

#include <boost/asio.hpp>

#include <atomic>
#include <deque>
#include <list>
#include <system_error>
#include <thread>

#include "base/check.hpp"
#include "localcloud/wire/http/clients.hpp"
#include "localcloud/wire/http/connection.hpp"
#include "localcloud/wire/http/exchange.hpp"

namespace localcloud::wire::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using ErrorCode = boost::system::error_code;

constexpr std::chrono::seconds kPartingTime{2};
// Of an answer, in the kernel and not on its way: a client that doesn't read would have it keep megabytes.
using NotSentMax = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
constexpr int kNotSentBytesMax = 256 << 10;

// One thread's event loop, as an Executor.
class Worker final : public base::Executor {
 public:
  Worker() : work_(asio::make_work_guard(io_)) {}
  void post(base::Work work) override {
    asio::post(io_, [work = std::move(work)]() mutable { work(); });
  }
  void run() {
    base::Executor::current() = this;
    io_.run();
  }
  void let_go() { work_.reset(); }
  asio::io_context& io() { return io_; }

  std::list<Connection*> connections;

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
};

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

// One of its worker's connections while it lives.
class TcpConnection final : public Connection {
 public:
  TcpConnection(tcp::socket socket, Worker& worker, const ServerOptions& its_options, Memory& its_memory)
      : Connection(its_options, its_memory),
        socket_(std::move(socket)),
        neighbours_(worker.connections),
        place_(neighbours_.insert(neighbours_.end(), this)) {
    ErrorCode ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(NotSentMax(kNotSentBytesMax), ignored);
    socket_.non_blocking(true, ignored);
    const auto peer = socket_.remote_endpoint(ignored);
    if (!ignored) source_ip = peer.address().to_string();
  }
  ~TcpConnection() override { neighbours_.erase(place_); }

  void close() override {
    ErrorCode ignored;
    socket_.close(ignored);
  }

  Task<bool> read_more() override {
    const Clock::time_point since = begin_waiting();
    // Asio reads at once only where the last read left bytes behind, which spares a call that finds none.
    auto start = [this, room = buffer.room_for(read_bytes())](auto completion) {
      socket_.async_read_some(asio::buffer(room.data(), room.size()), std::move(completion));
    };
    Await<decltype(start)> read{start};
    co_await read;
    buffer.add(read.bytes);
    end_reading(since, read.bytes);
    co_return !read.error && read.bytes > 0;
  }

  Task<bool> write(std::string_view bytes, Held& held) override {
    ErrorCode ec;
    const std::size_t sent = socket_.write_some(asio::buffer(bytes), ec);  // often all of it
    if (ec && ec != asio::error::would_block) co_return false;
    if (!ec) bytes.remove_prefix(sent);
    if (bytes.empty()) co_return true;
    held.add(bytes.size());
    begin_writing(ec ? 0 : sent);
    while (!bytes.empty()) {
      const Clock::time_point since = begin_waiting();
      auto start = [this, bytes](auto completion) {
        socket_.async_write_some(asio::buffer(bytes), std::move(completion));
      };
      Await<decltype(start)> more{start};
      co_await more;
      if (more.error) co_return false;
      bytes.remove_prefix(more.bytes);
      end_waiting(since, more.bytes, options.write_timeout);
    }
    co_return true;
  }

  Task<void> part() override {
    ErrorCode ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    expect_within(kPartingTime);
    for (bool more = true; more;) {
      buffer.clear();
      auto start = [this, room = buffer.room_for(read_bytes())](auto completion) {
        socket_.async_read_some(asio::buffer(room.data(), room.size()), std::move(completion));
      };
      Await<decltype(start)> read{start};
      co_await read;
      more = !read.error && read.bytes > 0;
    }
  }

 private:
  tcp::socket socket_;
  std::list<Connection*>& neighbours_;
  const std::list<Connection*>::iterator place_;
};

Task<void> serve(std::unique_ptr<Connection> connection, std::shared_ptr<const Handler> handler,
                 const std::atomic<bool>& stopping, std::atomic<std::size_t>& open, Clients& clients) {
  for (bool go_on = true; go_on;) {
    go_on = co_await exchange(*connection, *handler);
    go_on = go_on && !stopping;
  }
  connection->close();
  const std::string client = connection->source_ip;
  connection.reset();
  clients.leave(client);
  --open;
}

}  // namespace

struct Server::State {
  explicit State(ServerOptions its_options) : options(its_options) {
    for (std::size_t i = 0; i < options.threads; ++i) workers.push_back(std::make_unique<Worker>());
  }

  struct Door {
    Worker& worker;
    tcp::acceptor acceptor;
    std::shared_ptr<const Handler> handler;
  };

  void accept(Door& door) {
    door.acceptor.async_accept([this, &door](ErrorCode ec, tcp::socket socket) {
      if (stopping || ec == asio::error::operation_aborted) return;
      if (!ec && open < options.connections_max) {
        auto connection = std::make_unique<TcpConnection>(std::move(socket), door.worker, options, memory);
        if (clients.enter(connection->source_ip)) {
          ++open;
          base::spawn(serve(std::move(connection), door.handler, stopping, open, clients));
        }
      }
      if (ec == asio::error::no_descriptors) {
        // Out of descriptors: wait for connections to end rather than spin.
        auto pause = std::make_shared<asio::steady_timer>(door.worker.io(), std::chrono::milliseconds(50));
        pause->async_wait([this, &door, pause](ErrorCode) { accept(door); });
        return;
      }
      accept(door);
    });
  }

  // Closes the connections that are over, once a second.
  void watch(Worker& worker) {
    auto timer = std::make_shared<asio::steady_timer>(worker.io(), std::chrono::seconds(1));
    timer->async_wait([this, &worker, timer](ErrorCode) {
      if (stopping) return;
      for (Connection* connection : worker.connections) {
        if (connection->is_over()) connection->close();
      }
      watch(worker);
    });
  }

  ServerOptions options;
  Clients clients{options.connections_per_client_max};
  Memory memory{options.memory_bytes_max};
  std::vector<std::unique_ptr<Worker>> workers;
  std::deque<Door> doors;
  std::vector<std::thread> threads;
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> open = 0;
};

Server::Server(ServerOptions options) : state_(std::make_unique<State>(options)) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::listen(const std::string& bind, std::uint16_t port, Handler handler) {
  using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  ErrorCode bad_address;
  const auto address = asio::ip::make_address(bind, bad_address);
  if (bad_address) throw std::system_error(EINVAL, std::generic_category(), "'" + bind + "' is not an IP address");
  const auto shared = std::make_shared<const Handler>(std::move(handler));
  {
    // SO_REUSEPORT would let a second server share the port unseen: so ask first without it.
    tcp::acceptor probe(state_->workers[0]->io());
    probe.open(tcp::endpoint(address, port).protocol());
    probe.set_option(tcp::acceptor::reuse_address(true));
    ErrorCode taken;
    probe.bind({address, port}, taken);
    if (taken) throw std::system_error(taken, bind + ":" + std::to_string(port));
    probe.listen();
    port = probe.local_endpoint().port();
  }
  for (auto& worker : state_->workers) {
    tcp::acceptor acceptor(worker->io());
    acceptor.open(tcp::endpoint(address, port).protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.set_option(ReusePort(true));
    acceptor.bind({address, port});
    acceptor.listen(1024);
    state_->doors.push_back({*worker, std::move(acceptor), shared});
  }
  return port;
}

void Server::start() {
  for (State::Door& door : state_->doors) state_->accept(door);
  for (auto& worker : state_->workers) {
    state_->watch(*worker);
    state_->threads.emplace_back([&worker = *worker] { worker.run(); });
  }
}

void Server::stop(std::chrono::milliseconds grace) {
  if (state_->stopping.exchange(true)) return;
  for (State::Door& door : state_->doors) {
    door.worker.post([&door] {
      ErrorCode ignored;
      door.acceptor.close(ignored);
    });
  }
  const auto close_all = [this](bool busy_too) {
    for (auto& worker : state_->workers) {
      worker->post([&worker = *worker, busy_too] {
        for (Connection* connection : worker.connections) {
          if (busy_too || !connection->busy) connection->close();
        }
      });
    }
  };
  close_all(false);
  const auto end = Clock::now() + grace;
  while (state_->open > 0 && Clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    close_all(false);
  }
  close_all(true);
  for (auto& worker : state_->workers) worker->let_go();
  const auto last = Clock::now() + std::chrono::milliseconds(200);
  while (state_->open > 0 && Clock::now() < last) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  for (auto& worker : state_->workers) worker->io().stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
}

base::Executor& Server::worker(std::size_t i) {
  return *state_->workers[i];
}

}  // namespace localcloud::wire::http
