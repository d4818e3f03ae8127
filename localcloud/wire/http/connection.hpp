#pragma once
// One client's connection, as its requests see it: bytes in and out, and how long they may take. The socket behind it
// is server.cpp's.

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "localcloud/wire/http/memory.hpp"
#include "localcloud/wire/http/server.hpp"

namespace localcloud::wire::http {

// Bytes that have come and aren't used yet.
class Buffer {
 public:
  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  std::size_t capacity() const { return capacity_; }
  // They stay where they are until more are read.
  void use(std::size_t bytes) { begin_ += bytes; }
  void clear() { begin_ = end_ = 0; }
  // Room for more behind them, which may move them.
  std::span<char> room_for(std::size_t bytes);
  void add(std::size_t bytes) { end_ += bytes; }
  // Gives back what is more than that, where nothing is in it.
  void shrink_to(std::size_t bytes);

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

// Used by its worker's thread alone.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(const ServerOptions& its_options, Memory& its_memory) : options(its_options), memory(its_memory) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void close() = 0;
  // More bytes into the buffer; false where the peer is gone or too slow. The first begin a transfer.
  virtual Task<bool> read_more() = 0;
  // Sends all of it; false where the peer is gone or too slow. What can't be sent at once is a transfer, and held.
  virtual Task<bool> write(std::string_view bytes, Held& held) = 0;
  // Says that nothing more comes, and for a while takes what the peer still sends: closed at once, the connection would
  // be reset, and the answer lost on its way.
  virtual Task<void> part() = 0;

  // Between two requests: gives back what a large one has taken.
  void rest();
  // The peer, or a handler, has this long.
  void expect_within(std::chrono::seconds timeout);
  // What travels has come, or gone.
  void end_transfer() { transfer_ = {}; }
  // Whether its time is up, or what it transfers is slow while memory is scarce.
  bool is_over() const;

  const ServerOptions& options;
  Memory& memory;
  Buffer buffer;
  std::string source_ip;
  bool busy = false;  // a request is in hand

 protected:
  // Around each waiting for the peer. What it reads begins a transfer; so does what it can't write at once.
  void end_reading(Clock::time_point since, std::size_t bytes);
  void begin_writing(std::size_t written_at_once);
  Clock::time_point begin_waiting();
  void end_waiting(Clock::time_point since, std::size_t bytes, std::chrono::seconds timeout);
  std::size_t read_bytes() const { return read_bytes_; }

 private:
  // An idle connection has the least; who sends much is read in large pieces.
  static constexpr std::size_t kReadBytesMin = 4 << 10;
  static constexpr std::size_t kReadBytesMax = 64 << 10;

  // A request or an answer on its way. Waiting for the peer wears its patience; each byte restores some.
  struct Transfer {
    Clock::time_point began = Clock::time_point::max();
    std::size_t bytes = 0;
    std::chrono::milliseconds patience{};
    bool is_on() const { return began != Clock::time_point::max(); }
  };
  void begin_transfer(std::chrono::seconds timeout);

  Transfer transfer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::size_t read_bytes_ = kReadBytesMin;  // asked for at once; more while the peer has as many
};

}  // namespace localcloud::wire::http
