#pragma once
// One client's connection: its bytes in and out, and how long they may take. Includes Asio, so only server.cpp,
// connection.cpp and exchange.cpp include it.

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <list>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "localcloud/wire/http/memory.hpp"
#include "localcloud/wire/http/server.hpp"

namespace localcloud::wire::http {

using boost::asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using ErrorCode = boost::system::error_code;

struct Connection;
using Connections = std::list<Connection*>;

// Used by its worker's thread alone.
struct Connection {
  // `its_neighbours` are its worker's connections; it is one of them while it lives.
  Connection(tcp::socket accepted, Connections& its_neighbours, const ServerOptions& its_options, Memory& its_memory);
  ~Connection() { neighbours.erase(place); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void close();

  // More bytes into the buffer; false where the peer is gone or too slow. The first begin a transfer.
  Task<bool> read_more();
  // Sends all of it; false where the peer is gone or too slow. What can't be sent at once is a transfer, and held.
  Task<bool> write(std::string_view bytes, Held& held);
  // Says that nothing more comes, and for a while takes what the peer still sends: closed at once, the connection would
  // be reset, and the answer lost on its way.
  Task<void> part();
  // Between two requests: gives back what a large one has taken.
  void rest();

  // The peer, or a handler, has this long.
  void expect_within(std::chrono::seconds timeout);
  // What travels has come, or gone.
  void end_transfer() { transfer = {}; }
  // Whether its time is up, or what it transfers is slow while memory is scarce.
  bool is_over() const;

  tcp::socket socket;
  Connections& neighbours;
  const ServerOptions& options;
  Memory& memory;
  boost::beast::flat_buffer buffer;
  std::string source_ip;
  bool busy = false;  // a request is in hand

 private:
  // A request or an answer on its way. The peer's patience is worn by waiting for it; each byte restores some.
  struct Transfer {
    Clock::time_point began = Clock::time_point::max();
    std::size_t bytes = 0;
    std::chrono::milliseconds patience{};
    bool is_on() const { return began != Clock::time_point::max(); }
  };
  void begin_transfer(std::chrono::seconds timeout);
  Clock::time_point begin_waiting();
  void end_waiting(Clock::time_point since, std::size_t bytes, std::chrono::seconds timeout);

  Transfer transfer;
  Clock::time_point deadline = Clock::time_point::max();
  std::size_t read_bytes;  // asked for at once; more while the peer has as many
  Connections::iterator place;
};

}  // namespace localcloud::wire::http
