#pragma once
// Records as they were last read and decoded, kept while they don't change: what nearly every request needs and hardly
// one changes, such as roles, functions and buckets. A change counts as soon as it is acknowledged, as if the record
// were read each time.

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "localcloud/storage/store.hpp"

namespace localcloud::storage {

// Thread-safe.
template <class T>
class Kept {
 public:
  // The record as `decode` makes it of its bytes; null where there is none. `decode` must depend on nothing else, and
  // be the same for a key each time.
  template <class Decode>
  std::shared_ptr<const T> find(const Reader& reader, std::string_view key, const Decode& decode);

 private:
  static constexpr std::size_t kKeptMax = 4096;

  struct Entry {
    std::uint64_t version = 0;         // from before the bytes were read: a write in between makes it look changed
    std::optional<std::string> bytes;  // nothing: there is no record
    std::shared_ptr<const T> value;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::shared_mutex mutex_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;  // by key
};

template <class T>
template <class Decode>
std::shared_ptr<const T> Kept<T>::find(const Reader& reader, std::string_view key, const Decode& decode) {
  const std::optional<std::uint64_t> version = reader.version(key);
  if (version) {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.version == *version) return found->second.value;
  }
  std::optional<std::string> bytes = reader.get(key);
  if (version) {
    // Often another record was written, whose version this one shares.
    const std::unique_lock lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.bytes == bytes) {
      found->second.version = *version;
      return found->second.value;
    }
  }
  std::shared_ptr<const T> value = bytes ? std::make_shared<const T>(decode(*bytes)) : nullptr;
  if (version) {
    const std::unique_lock lock(mutex_);
    if (entries_.size() >= kKeptMax) entries_.clear();
    entries_.insert_or_assign(std::string(key), Entry{*version, std::move(bytes), value});
  }
  return value;
}

}  // namespace localcloud::storage
