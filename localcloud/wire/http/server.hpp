#pragma once
// The HTTP/1.1 server: worker threads, each with its own event loop and its own accepting socket on every port
// (SO_REUSEPORT), so connections never move between threads. Asio stays inside server.cpp, Beast inside
// exchange.cpp.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/executor.hpp"
#include "localcloud/wire/http/message.hpp"

namespace localcloud::wire::http {

// Answers one request. It runs on the connection's worker and must not block it. An exception closes the connection
// with a bare 500, so handlers catch their own.
using Handler = std::function<Task<Reply>(Request& request, Body& body)>;

struct ServerOptions {
  std::size_t threads = 2;
  std::size_t head_bytes_max = 64 << 10;            // of a request's line and headers together
  std::size_t connections_max = 20'000;             // beyond them, new ones are closed at once
  std::size_t connections_per_client_max = 10'000;  // of one address
  // Of requests, and of answers that their clients don't read; beyond it what needs more is refused (Overloaded).
  std::size_t memory_bytes_max = 256 << 20;
  std::chrono::seconds idle_timeout{75};   // between two requests
  std::chrono::seconds read_timeout{30};   // waiting for a request that has begun; more as it comes
  std::chrono::seconds write_timeout{60};  // waiting for an answer to be taken; more as it is
  // Of a handler without a byte read or written: past any function's 15 minutes, the connection is cut.
  std::chrono::seconds handle_timeout{960};
};

class Server {
 public:
  explicit Server(ServerOptions options = {});
  ~Server();  // stops

  // Listens on bind:port (0 picks a free one) and answers with the port. Throws std::system_error where it is taken.
  // Before start().
  std::uint16_t listen(const std::string& bind, std::uint16_t port, Handler handler);

  void start();
  // Stops accepting, lets requests in hand finish for at most `grace`, closes what is left. Idempotent.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(2));

  // Worker i's queue, for work that no request started. i < threads.
  base::Executor& worker(std::size_t i);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace localcloud::wire::http
