#pragma once
// The server's count of connections by client.

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace localcloud::wire::http {

// How many connections each client's address has, over all workers. Thread-safe.
class Clients {
 public:
  explicit Clients(std::size_t each_max) : each_max_(each_max) {}
  // Whether one more is let in, which then must leave.
  bool enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    std::size_t& open = open_[address];
    if (open >= each_max_) return false;
    ++open;
    return true;
  }
  void leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto client = open_.find(address);
    if (--client->second == 0) open_.erase(client);
  }

 private:
  const std::size_t each_max_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_;
};

}  // namespace localcloud::wire::http
