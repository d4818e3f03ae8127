// A bare epoll server, a bare RocksDB writer, a bare file.

#include "bench/limits.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Gone with what is in it.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / fmt::format("event-pipeline-limit-{}", ::getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Answers whatever comes in with 200, until it is killed. Requests of up to 16 KiB arrive whole.
[[noreturn]] void answer_everything(int listener) {
  const int epoll = ::epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listener;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  epoll_event events[256];
  char buffer[16384];
  while (true) {
    const int count = ::epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[i].data.fd;
      if (socket == listener) {
        event.data.fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
      } else if (::recv(socket, buffer, sizeof buffer, 0) > 0) {
        if (::send(socket, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) < 0) ::close(socket);
      } else {
        ::close(socket);
      }
    }
  }
}

}  // namespace

double http_floor_per_s(const Load& load) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 1024) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for the HTTP floor");
  const pid_t child = ::fork();
  if (child == 0) answer_everything(listener);
  ::close(listener);
  Load same = load;
  same.place.port = ntohs(address.sin_port);
  same.rate_per_s = 0;
  const Measured measured = run(same);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return measured.per_s();
}

double rocksdb_puts_per_s(std::size_t batch, std::size_t value_bytes, double seconds) {
  const Folder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(options, folder.path(), &opened).ok()) throw std::runtime_error("RocksDB doesn't open");
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const std::string value(value_bytes, 'v');
  std::size_t puts = 0;
  const auto begin = Clock::now();
  while (seconds_since(begin) < seconds) {
    rocksdb::WriteBatch writes;
    for (std::size_t i = 0; i < batch; ++i) writes.Put(fmt::format("key-{:016x}", ++puts * 2654435761U), value);
    if (!db->Write(durable, &writes).ok()) throw std::runtime_error("RocksDB doesn't write");
  }
  return static_cast<double>(puts) / seconds_since(begin);
}

double disk_bytes_per_s(std::size_t bytes) {
  const Folder folder;
  const std::string part(1 << 20, 'b');
  const auto begin = Clock::now();
  const int file = ::open((folder.path() / "file").c_str(), O_CREAT | O_WRONLY, 0600);
  for (std::size_t written = 0; written < bytes; written += part.size()) {
    if (::write(file, part.data(), part.size()) != static_cast<ssize_t>(part.size()))
      throw std::runtime_error("the disk is full");
  }
  ::fdatasync(file);
  ::close(file);
  return static_cast<double>(bytes) / seconds_since(begin);
}

}  // namespace bench
