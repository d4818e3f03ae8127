#pragma once
// A fixed set of names, found by a hash that is chosen so that, for as many as a schema mostly has, no two collide.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::schema {

// Immutable.
class NameTable {
 public:
  static constexpr std::uint32_t kAbsent = UINT32_MAX;

  NameTable() : NameTable(std::vector<std::string>()) {}
  // The names must be distinct.
  explicit NameTable(std::vector<std::string> names);

  const std::vector<std::string>& names() const { return names_; }

  // Where in names() the name is, or kAbsent.
  [[gnu::always_inline]] std::uint32_t find(std::string_view name) const {
    const Key key = key_of(name);
    if (name.size() > sizeof key.head + sizeof key.tail) return find_long(name, key);
    for (std::uint64_t i = spread(mix(key)) >> shift_;; i = (i + 1) & (slots_.size() - 1)) {
      const std::uint32_t index = slots_[i];
      if (index == kAbsent || keys_[index] == key) return index;
    }
  }

  // Finds one after the other, first where the last one leads to: members mostly come in the schema's order. Ends with
  // its table.
  class Walk;

 private:
  // The first and the last bytes; of names up to 16 bytes that is all.
  struct Key {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint64_t size = 0;
    bool operator==(const Key&) const = default;
  };

  template <class Word>
  static Word load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }

  [[gnu::always_inline]] static Key key_of(std::string_view name) {
    const char* const at = name.data();
    const std::size_t size = name.size();
    if (size >= 8) return {load<std::uint64_t>(at), load<std::uint64_t>(at + size - 8), size};
    if (size >= 4) return {load<std::uint32_t>(at), load<std::uint32_t>(at + size - 4), size};
    if (size == 0) return {};
    return {load<std::uint8_t>(at),
            load<std::uint8_t>(at + size / 2) | std::uint64_t{load<std::uint8_t>(at + size - 1)} << 8, size};
  }

  static std::uint64_t mix(const Key& key) { return key.head ^ std::rotl(key.tail, 29) ^ key.size; }
  std::uint64_t spread(std::uint64_t mixed) const { return (mixed ^ mixed >> 32) * factor_; }
  std::uint64_t hash(const Key& key, std::string_view name) const;
  std::uint32_t find_long(std::string_view name, const Key& key) const;
  bool place(std::size_t collisions_max);

  std::vector<std::string> names_;
  std::vector<Key> keys_;             // by index, and one more that is no name's
  std::vector<std::uint32_t> slots_;  // indices by hash
  std::size_t longest_ = 0;
  std::uint64_t factor_ = 0x9e3779b97f4a7c15;
  int shift_ = 62;
};

class NameTable::Walk {
 public:
  explicit Walk(const NameTable& table) : table_(table), next_key_(table.keys_.data()) {}

  [[gnu::always_inline]] std::uint32_t find(std::string_view name) {
    // Where the sizes are the same, which mostly tells, the names are compared in the same few words each time.
    if (next_key_->size == name.size() && *next_key_ == key_of(name) &&
        (name.size() <= 16 || table_.names_[next_] == name)) [[likely]] {
      ++next_key_;
      return next_++;
    }
    const std::uint32_t index = table_.find(name);
    if (index != kAbsent) {
      next_ = index + 1;
      next_key_ = table_.keys_.data() + next_;
    }
    return index;
  }

 private:
  const NameTable& table_;
  const Key* next_key_;  // behind the last one is one that no name has
  std::uint32_t next_ = 0;
};

}  // namespace pipeline::schema
