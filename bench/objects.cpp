// How fast do large objects come and go? One of 1 GB, streamed over one connection, signed; beside a file of the same
// size that is written and synced, then read.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "bench/limits.hpp"
#include "bench/report.hpp"
#include "bench/server.hpp"

namespace {

using namespace bench;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kObjectBytes = 1 << 30;
constexpr std::size_t kPartBytes = 1 << 20;

// One connection that waits.
class Stream {
 public:
  explicit Stream(const Place& place) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(place.port);
    ::inet_pton(AF_INET, place.host.c_str(), &address.sin_addr);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection to " + place.text());
  }
  ~Stream() { ::close(socket_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) throw std::runtime_error("the server closed the connection: " + head_);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Reads an answer whose body has that many bytes.
  void receive(std::size_t body_bytes) {
    std::string buffer(kPartBytes, '\0');
    std::size_t body = 0;
    bool in_body = false;
    while (!in_body || body < body_bytes) {
      const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (size <= 0) throw std::runtime_error("the answer ended early: " + head_);
      if (in_body) {
        body += static_cast<std::size_t>(size);
        continue;
      }
      head_.append(buffer.data(), static_cast<std::size_t>(size));
      const std::size_t end = head_.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      in_body = true;
      body = head_.size() - end - 4;
      if (!head_.starts_with("HTTP/1.1 200")) throw std::runtime_error(head_.substr(0, 600));
    }
  }

 private:
  int socket_;
  std::string head_;
};

class Objects {
 public:
  explicit Objects(const Settings& settings) : settings_(settings) {}

  void measure() {
    const DiskSpeed disk = disk_speed(kObjectBytes);
    server_.ask({.service = "s3", .method = "PUT", .path = "/large"});
    show("s3: PutObject 1 GB", put("UNSIGNED-PAYLOAD"), {"a file written and synced, MB/s", disk.written_per_s / 1e6});
    aws::Hasher hasher(aws::Digest::sha256);
    for (std::size_t sent = 0; sent < kObjectBytes; sent += kPartBytes) hasher.update(part_);
    show("s3: PutObject 1 GB, its SHA-256 signed", put(base::to_hex(hasher.finish())),
         {"a file written and synced, MB/s", disk.written_per_s / 1e6});
    show("s3: GetObject 1 GB", get(), {"a file read, MB/s", disk.read_per_s / 1e6});
    show_memory();
  }

 private:
  template <class Transfer>
  double megabytes_per_s(Transfer&& transfer) {
    cpu_before_s_ = server_.cpu_s();
    const auto begin = Clock::now();
    transfer();
    return static_cast<double>(kObjectBytes) / 1e6 / std::chrono::duration<double>(Clock::now() - begin).count();
  }

  double put(std::string_view payload_hash) {
    const Call call{.service = "s3", .method = "PUT", .path = "/large/object"};
    return megabytes_per_s([&] {
      Stream stream(server_.place());
      stream.send(server_.head(call, payload_hash, kObjectBytes));
      for (std::size_t sent = 0; sent < kObjectBytes; sent += kPartBytes) stream.send(part_);
      stream.receive(0);
    });
  }

  double get() {
    const Call call{.service = "s3", .method = "GET", .path = "/large/object"};
    return megabytes_per_s([&] {
      Stream stream(server_.place());
      stream.send(server_.request(call));
      stream.receive(kObjectBytes);
    });
  }

  void show(std::string name, double value, Limit limit) {
    if (name.find(settings_.only) == std::string::npos) return;
    print(settings_, {.name = std::move(name),
                      .value = value,
                      .unit = "MB/s",
                      .limit = std::move(limit),
                      .server_cpu_us = (server_.cpu_s() - cpu_before_s_) * 1e12 / static_cast<double>(kObjectBytes)});
  }

  void show_memory() {
    if (std::string_view("s3: memory, after 1 GB").find(settings_.only) == std::string::npos) return;
    print(settings_, {.name = "s3: memory, after 1 GB", .value = server_.resident_mib(), .unit = "MiB"});
  }

  const Settings& settings_;
  Server server_{{"--empty"}};
  const std::string part_ = std::string(kPartBytes, 'o');
  double cpu_before_s_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::measure_and_report(argc, argv, "An object of 1 GB in and out of S3, in MB a second.",
                                   [](const Settings& settings) { Objects(settings).measure(); });
}
