#pragma once
// Ids and randomness, injected everywhere, so that a test knows the ids it will see.

#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>

#include "base/clock.hpp"

namespace base {

// A ULID: 48 bits of milliseconds, 80 of randomness, in 26 characters of Crockford's base 32 that sort by time.
// https://github.com/ulid/spec
std::string make_ulid(std::int64_t unix_ms, std::span<const std::byte, 10> random);

// Thread-safe.
class Ids {
 public:
  virtual ~Ids() = default;
  virtual void fill(std::span<std::byte> out) = 0;  // with bytes nobody can predict

  std::string uuid();                                  // "8d3c0e0a-…", version 4
  std::string ulid(Time now);                          // 26 characters, sorts by time
  std::string hex(std::size_t length);                 // lower case
  std::string letters_and_digits(std::size_t length);  // A-Z 0-9, as in AWS's access key ids
  std::uint64_t below(std::uint64_t limit);            // uniform in [0, limit); limit > 0
};

// From the kernel's random source.
class RandomIds final : public Ids {
 public:
  void fill(std::span<std::byte> out) override;
};

// The same ids in the same order, from a seed.
class SeededIds final : public Ids {
 public:
  explicit SeededIds(std::uint64_t seed = 1) : engine_(seed) {}
  void fill(std::span<std::byte> out) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace base
