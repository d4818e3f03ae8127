// The choice of the hash.

#include "pipeline/schema/name_table.hpp"

#include <algorithm>
#include <bit>

namespace pipeline::schema {

NameTable::NameTable(std::vector<std::string> names) : names_(std::move(names)) {
  for (const std::string& name : names_) {
    longest_ = std::max(longest_, name.size());
    keys_.push_back(key_of(name));
  }
  keys_.push_back({.size = SIZE_MAX});
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

std::uint64_t NameTable::hash(const Key& key, std::string_view name) const {
  std::uint64_t mixed = mix(key);
  for (std::size_t i = 8; i + 8 < name.size(); i += 8)
    mixed = (std::rotl(mixed, 5) * 0x9e3779b97f4a7c15) ^ load<std::uint64_t>(name.data() + i);
  return spread(mixed);
}

std::uint32_t NameTable::find_long(std::string_view name, const Key& key) const {
  if (name.size() > longest_) return kAbsent;
  for (std::uint64_t i = hash(key, name) >> shift_;; i = (i + 1) & (slots_.size() - 1)) {
    const std::uint32_t index = slots_[i];
    if (index == kAbsent || (keys_[index] == key && names_[index] == name)) return index;
  }
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
