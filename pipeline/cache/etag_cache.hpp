#pragma once
// Objects of the bucket, parsed once and kept for as long as their ETag holds: the write keys, the schemas, the
// policies.

#include <algorithm>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "aws/client.hpp"
#include "base/clock.hpp"

namespace pipeline::cache {

struct Settings {
  std::string bucket;
  base::Duration fresh_for;    // used without asking S3 again
  base::Duration missing_for;  // that there is no such object is believed for this long
  std::size_t entries_max = 1000;
  // Whether an object that can't be understood leaves the one before it, which could, in its place.
  enum class Unusable { replaces, leaves_last } unusable = Unusable::replaces;
};

// Thread-safe. T must be safe to read from many threads.
template <class T>
class EtagCache {
 public:
  // What an object of the bucket is: a T, or not there, or there and not to be understood.
  struct Entry {
    std::shared_ptr<const T> value;  // null where it is missing or unusable, but for one that was left in its place
    std::string problem;             // why it is unusable; empty where it is missing
    bool is_missing() const { return !value && problem.empty(); }
  };
  using Parse = std::function<std::expected<T, std::string>(const std::string& body)>;

  EtagCache(Settings settings, Parse parse, aws::Client& client, const base::Clock& clock)
      : settings_(std::move(settings)), parse_(std::move(parse)), client_(client), clock_(clock) {}

  // The object as it is, or was not longer ago than allowed. Where S3 doesn't answer, what is remembered goes on being
  // used; an error only where nothing is.
  Task<Result<Entry>> get(std::string key, aws::CallOptions options) {
    return get(std::move(key), settings_.fresh_for, options);
  }
  Task<Result<Entry>> get(std::string key, base::Duration age_max, aws::CallOptions options) {
    const Remembered before = remembered(key);
    const base::Duration age_limit = before.entry.is_missing() ? std::min(age_max, settings_.missing_for) : age_max;
    if (before.is_there && clock_.now() - before.checked_at < age_limit) co_return before.entry;
    aws::GetObject request{.bucket = settings_.bucket, .key = key, .if_none_match = before.etag};
    Result<aws::GetObjectOutput> got = co_await client_.get_object(std::move(request), options);
    if (got) {
      if (got->found == aws::GetObjectOutput::Found::not_modified) co_return remember(key, before.entry, before.etag);
      Entry entry = parse(got->body);
      if (!entry.value && settings_.unusable == Settings::Unusable::leaves_last) entry.value = before.entry.value;
      co_return remember(key, std::move(entry), got->etag);
    }
    if (got.error().code == "NoSuchKey") co_return remember(key, Entry{}, "");
    if (before.entry.value) co_return before.entry;
    co_return failure(got.error());
  }

 private:
  struct Remembered {
    bool is_there = false;
    Entry entry;
    std::string etag;
    base::Time checked_at;
  };

  Entry parse(const std::string& body) const {
    auto parsed = parse_(body);
    if (!parsed) return Entry{.value = nullptr, .problem = parsed.error()};
    return Entry{.value = std::make_shared<const T>(*std::move(parsed)), .problem = {}};
  }

  Remembered remembered(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? Remembered{} : found->second;
  }

  Entry remember(const std::string& key, Entry entry, std::string etag) {
    const std::lock_guard lock(mutex_);
    // Types come from clients: what they make up must not fill the memory.
    if (entries_.size() >= settings_.entries_max && !entries_.contains(key)) entries_.clear();
    entries_[key] = {.is_there = true, .entry = entry, .etag = std::move(etag), .checked_at = clock_.now()};
    return entry;
  }

  const Settings settings_;
  const Parse parse_;
  aws::Client& client_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Remembered> entries_;
};

}  // namespace pipeline::cache
