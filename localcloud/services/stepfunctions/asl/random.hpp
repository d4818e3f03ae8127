#pragma once
// The randomness of one execution: the same numbers in the same order for the same seed, so that a replay meets the
// same values.

#include <cstdint>
#include <random>
#include <string>

namespace localcloud::stepfunctions::asl {

// Not thread-safe: each execution has its own.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() { return engine_(); }
  // Uniform in [from, to).
  std::int64_t between(std::int64_t from, std::int64_t to) {
    const auto span = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
    return span == 0 ? from : static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + next() % span);
  }
  double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // in [0, 1)
  std::string uuid() {
    std::uint64_t high = (next() & ~0xf000ULL) | 0x4000ULL;
    std::uint64_t low = (next() & ~(0xc0ULL << 56)) | (0x80ULL << 56);
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (int i = 0; i < 32; ++i) {
      if (i == 8 || i == 12 || i == 16 || i == 20) out.push_back('-');
      const std::uint64_t word = i < 16 ? high : low;
      out.push_back(kHex[(word >> (60 - 4 * (i % 16))) & 15]);
    }
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace localcloud::stepfunctions::asl
