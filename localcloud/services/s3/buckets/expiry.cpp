// The lifecycle's sweep. It reads from snapshots, collects what has expired, and deletes it in small writes that look
// again: an object that was replaced in between stays.

#include "localcloud/services/s3/buckets/expiry.hpp"

#include "localcloud/services/s3/buckets/settings.hpp"

namespace localcloud::s3 {
namespace {

// What one write deletes at most, and what one snapshot is read for at most.
constexpr std::size_t kDeletesMax = 200;
constexpr std::size_t kVisitsMax = 10'000;

using Expired = std::vector<std::pair<std::string, ObjectRecord>>;

LifecycleSubject subject_of(std::string_view key, const ObjectRecord& record) {
  return {.key = key, .size = record.size, .last_modified = record.last_modified, .tags = record.tags};
}

// Collects expired objects from `from` on; answers where to go on, or nothing at the bucket's end.
std::optional<std::string> collect(S3& room, std::string_view bucket, const std::vector<LifecycleRule>& rules,
                                   base::Time now, std::string_view from, Expired& expired) {
  std::optional<std::string> next;
  std::size_t visits = 0;
  visit_objects(*room.store.snapshot(), bucket, from, [&](std::string_view key, std::string_view encoded) {
    if (expired.size() == kDeletesMax || ++visits > kVisitsMax) {
      next = key;
      return storage::Step::stop;
    }
    ObjectRecord record = decode_object(encoded);
    const auto expiry = expiry_of(rules, subject_of(key, record));
    if (expiry && expiry->at <= now) expired.emplace_back(std::string(key), std::move(record));
    return storage::Step::go_on;
  });
  return next;
}

std::size_t delete_expired(S3& room, const std::string& bucket, const Expired& expired) {
  std::vector<std::string> files;
  std::size_t count = 0;
  storage::WriteFunction<Done> change = [&](storage::Transaction& transaction) -> Result<Done> {
    for (const auto& [key, record] : expired) {
      const auto there = read_object(transaction, bucket, key);
      if (!there || there->body_id != record.body_id) continue;
      erase_object(transaction, bucket, key, record);
      if (record.in_file) files.push_back(record.body_id);
      ++count;
    }
    return Done{};
  };
  const Result<Done> written = room.store.write_and_wait<Done>(std::move(change));
  if (!written) return 0;
  for (const std::string& id : files) room.blobs.erase(id);
  return count;
}

}  // namespace

std::optional<std::string> expiration_of(S3& room, std::string_view bucket, std::string_view key,
                                         const ObjectRecord& record) {
  const auto rules = room.buckets.lifecycle(room.store.current(), bucket);
  if (!rules) return std::nullopt;
  const auto expiry = expiry_of(*rules, subject_of(key, record));
  return expiry ? std::optional(expiration_header(*expiry)) : std::nullopt;
}

std::size_t expire_objects(S3& room, base::Time now) {
  std::size_t count = 0;
  for (const std::string& bucket : buckets_with(*room.store.snapshot(), BucketSetting::lifecycle)) {
    const auto text = read_setting(*room.store.snapshot(), bucket, BucketSetting::lifecycle);
    if (!text) continue;
    const std::vector<LifecycleRule> rules = lifecycle_from_text(*text);
    std::optional<std::string> from = "";
    while (from) {
      Expired expired;
      from = collect(room, bucket, rules, now, *from, expired);
      if (!expired.empty()) count += delete_expired(room, bucket, expired);
    }
  }
  return count;
}

}  // namespace localcloud::s3
