// The choice of the hash.

#include "pipeline/schema/name_table.hpp"

#include <algorithm>

namespace pipeline::schema {

NameTable::NameTable(std::vector<std::string> names) : names_(std::move(names)) {
  for (const std::string& name : names_) {
    longest_ = std::max(longest_, name.size());
    keys_.push_back(key_of(name));
  }
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(4, names_.size() * 2));
  slots_.resize(size);
  shift_ = 64 - std::countr_zero(size);
  // Among a few dozen names one of some factors has no collision; among thousands none would.
  constexpr int kTries = 64;
  constexpr std::size_t kFewNames = 64;
  for (int i = 0; names_.size() <= kFewNames && i < kTries; ++i) {
    if (place(0)) return;
    factor_ = factor_ * 0x5851f42d4c957f2d + 0x14057b7ef767814e;
  }
  place(SIZE_MAX);
}

// Whether all have their place, with at most that many collisions.
bool NameTable::place(std::size_t collisions_max) {
  std::ranges::fill(slots_, kAbsent);
  std::size_t collisions = 0;
  for (std::uint32_t index = 0; index < names_.size(); ++index) {
    std::uint64_t i = hash(keys_[index], names_[index]) >> shift_;
    for (; slots_[i] != kAbsent; i = (i + 1) & (slots_.size() - 1)) {
      if (++collisions > collisions_max) return false;
    }
    slots_[i] = index;
  }
  return true;
}

}  // namespace pipeline::schema
