// A bare epoll server, nginx, a bare RocksDB writer, a bare file.

#include "bench/limits.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port is free");
  ::close(socket);
  return ntohs(address.sin_port);
}

bool is_listening(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const bool connected = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

// Answers whatever comes in with 200, until it is killed. Requests of up to 16 KiB arrive whole.
[[noreturn]] void answer_everything(std::uint16_t port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 1024) != 0)
    ::_exit(1);
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

[[noreturn]] void run_nginx(const std::filesystem::path& folder, std::uint16_t port) {
  const std::string configuration = folder / "nginx.conf";
  std::ofstream(configuration) << fmt::format(
      "daemon off; master_process off; pid {0}/pid; error_log {0}/errors; events {{ worker_connections 4096; }}\n"
      "http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {0}/body; proxy_temp_path "
      "{0}/proxy;\n"
      "fastcgi_temp_path {0}/fastcgi; uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;\n"
      "server {{ listen 127.0.0.1:{1} backlog=1024; location / {{ return 200 '{{}}'; }} }} }}\n",
      folder.string(), port);
  ::execlp("nginx", "nginx", "-e", (folder / "errors").c_str(), "-c", configuration.c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

Floor floor_of(Load load, const std::function<void(std::uint16_t port)>& serve) {
  load.place.port = free_port();
  load.rate_per_s = 0;
  const pid_t child = ::fork();
  if (child == 0) {
    serve(load.place.port);
    ::_exit(0);
  }
  for (int tries = 0; tries < 500 && !is_listening(load.place.port); ++tries) ::usleep(10'000);
  Floor floor{.measured = run(load)};
  ::kill(child, SIGKILL);
  rusage usage{};
  ::wait4(child, nullptr, 0, &usage);
  if (floor.measured.failed > 0) throw std::runtime_error("a floor doesn't hold: " + floor.measured.failure);
  const double cpu_us = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                        static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  floor.server_cpu_us = cpu_us / std::max(1.0, static_cast<double>(floor.measured.answered));
  return floor;
}

Floor epoll_floor(const Load& load) {
  return floor_of(load, &answer_everything);
}

std::optional<Floor> nginx_floor(const Load& load) {
  if (std::system("nginx -v >/dev/null 2>&1") != 0) return std::nullopt;
  const Folder folder;
  return floor_of(load, [&](std::uint16_t port) { run_nginx(folder.path(), port); });
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

DiskSpeed disk_speed(std::size_t bytes) {
  const Folder folder;
  std::string part(1 << 20, 'b');
  const int file = ::open((folder.path() / "file").c_str(), O_CREAT | O_RDWR, 0600);
  const auto begin = Clock::now();
  for (std::size_t written = 0; written < bytes; written += part.size()) {
    if (::write(file, part.data(), part.size()) != static_cast<ssize_t>(part.size()))
      throw std::runtime_error("the disk is full");
  }
  ::fdatasync(file);
  DiskSpeed speed{.written_per_s = static_cast<double>(bytes) / seconds_since(begin)};
  ::lseek(file, 0, SEEK_SET);
  const auto begin_to_read = Clock::now();
  while (::read(file, part.data(), part.size()) > 0) {
  }
  speed.read_per_s = static_cast<double>(bytes) / seconds_since(begin_to_read);
  ::close(file);
  return speed;
}

}  // namespace bench
