// The event loops, the connections, and what stands between bytes and Request and Reply.

#include "localcloud/wire/http/server.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <atomic>
#include <ctime>
#include <deque>
#include <list>
#include <system_error>
#include <thread>

#include "aws/dates.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "localcloud/wire/http/clients.hpp"

namespace localcloud::wire::http {

namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using ErrorCode = boost::system::error_code;

constexpr std::size_t kReadBytes = 64 << 10;
constexpr std::size_t kDrainBytesMax = 1 << 20;  // of a body that nobody read: more than this closes the connection

struct Connection;

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

struct Connection {
  Connection(tcp::socket accepted, Worker& its_worker, const ServerOptions& its_options)
      : socket(std::move(accepted)), worker(its_worker), options(its_options) {
    ErrorCode ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    const auto peer = socket.remote_endpoint(ignored);
    if (!ignored) source_ip = peer.address().to_string();
    place = worker.connections.insert(worker.connections.end(), this);
  }
  ~Connection() { worker.connections.erase(place); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void expect_within(std::chrono::seconds timeout) { deadline = Clock::now() + timeout; }

  void close() {
    ErrorCode ignored;
    socket.close(ignored);
  }

  // More bytes into the buffer; false where the peer is gone or too slow.
  Task<bool> read_more() {
    // Asio reads at once only where the last read left bytes behind, which spares a call that finds none.
    auto start = [this, space = buffer.prepare(kReadBytes)](auto completion) {
      socket.async_read_some(space, std::move(completion));
    };
    Await<decltype(start)> read{start};
    co_await read;
    buffer.commit(read.bytes);
    co_return !read.error && read.bytes > 0;
  }

  Task<bool> write(std::string_view bytes) {
    expect_within(options.write_timeout);
    ErrorCode ec;
    const std::size_t sent = socket.write_some(asio::buffer(bytes), ec);  // often all of it
    if (!ec) bytes.remove_prefix(sent);
    if (ec && ec != asio::error::would_block) co_return false;
    while (!bytes.empty()) {
      auto start = [this, bytes](auto completion) {
        socket.async_write_some(asio::buffer(bytes), std::move(completion));
      };
      Await<decltype(start)> more{start};
      co_await more;
      if (more.error) co_return false;
      bytes.remove_prefix(more.bytes);
      expect_within(options.write_timeout);
    }
    co_return true;
  }

  tcp::socket socket;
  Worker& worker;
  const ServerOptions& options;
  boost::beast::flat_buffer buffer;
  std::string source_ip;
  Clock::time_point deadline = Clock::time_point::max();
  bool busy = false;  // a request is in hand
  std::list<Connection*>::iterator place;
};

using RequestParser = beast_http::request_parser<beast_http::buffer_body>;

// A body as the parser gives it out.
class ArrivingBody final : public Body {
 public:
  ArrivingBody(Connection& connection, RequestParser& parser) : connection_(connection), parser_(parser) {}

  Task<Result<std::string_view>> next() override {
    if (broken_) co_return incomplete();
    if (std::exchange(continue_owed_, false)) {
      if (!co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n")) co_return broken();
    }
    while (!parser_.is_done()) {
      if (connection_.buffer.size() == 0) {
        if (!co_await read_more()) co_return broken();
      }
      auto& body = parser_.get().body();
      body.data = chunk_;
      body.size = sizeof chunk_;
      body.more = true;
      ErrorCode ec;
      const std::size_t used = parser_.put(connection_.buffer.data(), ec);
      connection_.buffer.consume(used);
      if (ec == beast_http::error::need_buffer) ec = {};
      if (ec == beast_http::error::need_more) {
        if (!co_await read_more()) co_return broken();
        ec = {};
      }
      if (ec) co_return broken();
      const std::size_t filled = sizeof chunk_ - body.size;
      if (filled > 0) co_return std::string_view(chunk_, filled);
    }
    co_return std::string_view{};
  }

  void owe_continue() { continue_owed_ = true; }
  // Reads what nobody wanted; false where that isn't worth it.
  Task<bool> drain() {
    if (continue_owed_) co_return false;  // the client waits for a word that it won't get
    std::size_t drained = 0;
    while (!parser_.is_done()) {
      const auto part = co_await next();
      if (!part || (drained += part->size()) > kDrainBytesMax) co_return false;
    }
    co_return true;
  }

 private:
  Task<bool> read_more() {
    connection_.expect_within(connection_.options.read_timeout);
    const bool more = co_await connection_.read_more();
    connection_.expect_within(connection_.options.handle_timeout);  // what comes next is the handler's
    co_return more;
  }
  Result<std::string_view> broken() {
    broken_ = true;
    return incomplete();
  }
  static Result<std::string_view> incomplete() {
    return failure(
        {"IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header", 400});
  }

  Connection& connection_;
  RequestParser& parser_;
  bool continue_owed_ = false;
  bool broken_ = false;
  char chunk_[kReadBytes];
};

std::string_view reason(int status) {
  const std::string_view text = beast_http::obsolete_reason(static_cast<beast_http::status>(status));
  return text == "<unknown-status>" ? "Status" : text;
}

// The date for the Date header, formatted once a second per thread.
const std::string& date_now() {
  thread_local std::time_t formatted = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != formatted) {
    formatted = now;
    text = aws::format_http_date(base::from_unix_s(now));
  }
  return text;
}

std::string head_of(const Reply& reply, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + std::string(reason(reply.status)) + "\r\n";
  for (const auto& [name, value] : reply.headers) {
    // What came from outside can't end a header early.
    if (value.find_first_of("\r\n") != std::string::npos) continue;
    out += name + ": " + value + "\r\n";
  }
  const bool bodiless = reply.status == 204 || reply.status == 304 || reply.status < 200;
  if (!bodiless) {
    out += "Content-Length: " + std::to_string(reply.content_length.value_or(reply.body.size())) + "\r\n";
  }
  out += "Date: " + date_now() + "\r\n";
  if (!keep_alive) out += "Connection: close\r\n";
  return out + "\r\n";
}

Task<bool> send(Connection& connection, const Request& request, Reply& reply, bool keep_alive) {
  std::string head = head_of(reply, keep_alive);
  if (request.method == "HEAD" || reply.status == 204 || reply.status == 304) co_return co_await connection.write(head);
  if (!reply.stream) {
    if (reply.body.size() < kReadBytes) {
      head += reply.body;
      co_return co_await connection.write(head);
    }
    if (!co_await connection.write(head)) co_return false;
    co_return co_await connection.write(reply.body);
  }
  if (!co_await connection.write(head)) co_return false;
  for (;;) {
    const std::string_view part = reply.stream->next();
    if (part.empty()) co_return true;
    if (!co_await connection.write(part)) co_return false;
  }
}

Request to_request(const Connection& connection, const RequestParser& parser) {
  const auto& message = parser.get();
  Request request;
  request.method = std::string(message.method_string());
  std::string_view target(message.target().data(), message.target().size());
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const std::size_t slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  const std::size_t question = target.find('?');
  request.path = std::string(target.substr(0, question));
  if (question != std::string_view::npos) request.query = std::string(target.substr(question + 1));
  if (request.path.empty() || request.path[0] != '/') request.path.insert(0, "/");
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.source_ip = connection.source_ip;
  if (const auto length = parser.content_length()) request.content_length = *length;
  if (!parser.chunked() && !request.content_length) request.content_length = 0;
  return request;
}

// Reads one request's head; false where the connection is at its end. `refusal` is set where it can't be read.
Task<bool> read_head(Connection& connection, RequestParser& parser, int& refusal) {
  connection.expect_within(connection.options.idle_timeout);
  while (!parser.is_header_done()) {
    if (connection.buffer.size() > 0) {
      ErrorCode ec;
      const std::size_t used = parser.put(connection.buffer.data(), ec);
      connection.buffer.consume(used);
      if (ec == beast_http::error::need_more) ec = {};
      if (ec) {
        refusal = ec == beast_http::error::header_limit ? 431 : 400;
        co_return false;
      }
      if (parser.is_header_done()) co_return true;
    }
    if (!co_await connection.read_more()) co_return false;
    connection.expect_within(connection.options.read_timeout);
  }
  co_return true;
}

// One request and its reply; whether the connection goes on.
Task<bool> serve_one(Connection& connection, const Handler& handler) {
  RequestParser parser;
  parser.header_limit(static_cast<std::uint32_t>(connection.options.head_bytes_max));
  parser.body_limit(boost::none);
  parser.eager(false);
  int refusal = 0;
  if (!co_await read_head(connection, parser, refusal)) {
    if (refusal != 0) {
      Reply reply{.status = refusal};
      co_await connection.write(head_of(reply, false));
    }
    co_return false;
  }
  connection.busy = true;
  Request request = to_request(connection, parser);
  ArrivingBody body(connection, parser);
  if (const auto expect = request.header("expect"); expect && base::equal_ignoring_case(*expect, "100-continue")) {
    body.owe_continue();
  }
  Reply reply;
  connection.expect_within(connection.options.handle_timeout);
  try {
    reply = co_await handler(request, body);
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, "a handler failed", {{"reason", error.what()}});
    reply = Reply{.status = 500};
  }
  bool keep_alive = co_await body.drain();
  keep_alive = keep_alive && parser.keep_alive();
  bool sent = false;
  try {
    sent = co_await send(connection, request, reply, keep_alive);
  } catch (const std::exception& error) {  // the data is damaged: the client must not take it for whole
    base::log(base::LogLevel::error, "a reply was cut short", {{"reason", error.what()}});
  }
  connection.busy = false;
  co_return sent&& keep_alive;
}

Task<void> serve(std::unique_ptr<Connection> connection, std::shared_ptr<const Handler> handler,
                 const std::atomic<bool>& stopping, std::atomic<std::size_t>& open, Clients& clients) {
  for (bool go_on = true; go_on;) {
    go_on = co_await serve_one(*connection, *handler);
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
        auto connection = std::make_unique<Connection>(std::move(socket), door.worker, options);
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

  // Closes the connections whose time is up, once a second.
  void watch(Worker& worker) {
    auto timer = std::make_shared<asio::steady_timer>(worker.io(), std::chrono::seconds(1));
    timer->async_wait([this, &worker, timer](ErrorCode) {
      if (stopping) return;
      const auto now = Clock::now();
      for (Connection* connection : worker.connections) {
        if (connection->deadline < now) connection->close();
      }
      watch(worker);
    });
  }

  ServerOptions options;
  Clients clients{options.connections_per_client_max};
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
