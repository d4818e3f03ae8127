#pragma once
// Which commit last wrote each record, so that what was made of it once can be used until it is written again.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace localcloud::storage {

// The commit that last wrote each record, doubled; odd while it is being written. Records whose hashes meet share one,
// which only makes them look changed more often. Written by the lane alone.
class Versions {
 public:
  std::uint64_t of(std::string_view key) const { return versions_[slot(key)].load(std::memory_order_acquire); }
  // What a snapshot that is taken from now on holds at least.
  std::uint64_t latest() const { return latest_.load(std::memory_order_acquire); }

  // Around a commit of the records of `written`, whose old versions are good for nobody from before it.
  template <class Written>
  void begin(const Written& written) {
    const std::uint64_t version = latest_.load(std::memory_order_relaxed) + 1;
    for (const auto& [key, value] : written) versions_[slot(key)].store(version, std::memory_order_release);
  }
  template <class Written>
  void end(const Written& written) {
    const std::uint64_t version = latest_.load(std::memory_order_relaxed) + 2;
    for (const auto& [key, value] : written) versions_[slot(key)].store(version, std::memory_order_release);
    latest_.store(version, std::memory_order_release);
  }

 private:
  static constexpr std::size_t kSlots = 1 << 14;
  static std::size_t slot(std::string_view key) { return std::hash<std::string_view>()(key) % kSlots; }
  std::vector<std::atomic<std::uint64_t>> versions_ = std::vector<std::atomic<std::uint64_t>>(kSlots);
  std::atomic<std::uint64_t> latest_ = 0;
};

// Nothing for a version that says that its record is being written.
inline std::optional<std::uint64_t> unless_odd(std::uint64_t version) {
  return version % 2 == 0 ? std::optional(version) : std::nullopt;
}

}  // namespace localcloud::storage
