#pragma once
// What S3 keeps in the store, and under which keys. The only file that knows key bytes.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/s3/objects/digests.hpp"
#include "localcloud/services/s3/objects/tags.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::s3 {

struct BucketRecord {
  std::string name;
  std::string account;
  std::string region;
  base::Time created;
};

// The headers that come with an object and go out with it as they came.
struct ObjectHeaders {
  std::string content_type;  // "binary/octet-stream" where the client named none
  std::optional<std::string> content_encoding;
  std::optional<std::string> content_disposition;
  std::optional<std::string> content_language;
  std::optional<std::string> cache_control;
  std::optional<std::string> expires;
  std::vector<std::pair<std::string, std::string>> metadata;  // without "x-amz-meta-", names in lower case
};

// Up to here a body lies in its object's record, so that both are one read and one write; larger ones would make
// listings slow, which read the records.
inline constexpr std::size_t kBodyInRecordMax = 2048;

struct ObjectRecord {
  std::string body_id;              // 32 hex digits
  bool in_file = false;             // the body is a blob; otherwise it lies in the store
  std::optional<std::string> body;  // where it is so small that it lies in the record itself
  std::uint64_t size = 0;
  std::string md5;  // 16 bytes
  base::Time last_modified;
  std::string storage_class;
  std::optional<Checksum> checksum;
  ObjectHeaders headers;
  Tags tags;

  std::string etag() const;  // in quotes, as it is answered
};

// A bucket's documents, each kept as it is put.
enum class BucketSetting : std::uint8_t { policy, lifecycle, encryption, public_access_block, tagging };

std::string bucket_key(std::string_view bucket);
BucketRecord decode_bucket(std::string_view bucket, std::string_view bytes);
std::optional<BucketRecord> read_bucket(const storage::Reader& reader, std::string_view bucket);
void write_bucket(storage::Transaction& transaction, const BucketRecord& bucket);
// With its settings. It must be empty.
void erase_bucket(storage::Transaction& transaction, const BucketRecord& bucket);
bool has_objects(const storage::Reader& reader, std::string_view bucket);
// The names of an account's buckets, ascending, from the first that isn't below `from`.
void visit_buckets_of(const storage::Reader& reader, std::string_view account, std::string_view from,
                      const std::function<storage::Step(std::string_view bucket)>& visit);
// The names of all buckets that have this setting.
std::vector<std::string> buckets_with(const storage::Reader& reader, BucketSetting setting);

std::string setting_key(std::string_view bucket, BucketSetting setting);
std::optional<std::string> read_setting(const storage::Reader& reader, std::string_view bucket, BucketSetting setting);
void write_setting(storage::Transaction& transaction, std::string_view bucket, BucketSetting setting,
                   std::string_view text);
void erase_setting(storage::Transaction& transaction, std::string_view bucket, BucketSetting setting);

std::optional<ObjectRecord> read_object(const storage::Reader& reader, std::string_view bucket, std::string_view key);
// Puts the record in the place of `old`, the one that was there, whose body goes from the store. `body` is the body
// where it is neither in the record nor in a file.
void write_object(storage::Transaction& transaction, std::string_view bucket, std::string_view key,
                  const ObjectRecord& record, const std::optional<ObjectRecord>& old, std::string_view body);
void erase_object(storage::Transaction& transaction, std::string_view bucket, std::string_view key,
                  const ObjectRecord& record);
// A body that lies in the store, beside its record.
std::optional<std::string> read_body(const storage::Reader& reader, std::string_view body_id);
// Whether a record names this blob.
bool is_blob_recorded(const storage::Reader& reader, std::string_view body_id);

// The objects of a bucket in the order of their keys, from the first that isn't below `from`. `record` decodes on call.
using ObjectVisit = std::function<storage::Step(std::string_view key, std::string_view encoded)>;
void visit_objects(const storage::Reader& reader, std::string_view bucket, std::string_view from,
                   const ObjectVisit& visit);

std::string encode_object(const ObjectRecord& record);
ObjectRecord decode_object(std::string_view bytes);

}  // namespace localcloud::s3
