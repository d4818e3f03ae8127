// Records are fields, each a number that says which, its length and its bytes; lengths and numbers in LEB128. A field
// that is absent isn't written, and a new kind of field can be added without touching what lies on disk. Bytes that no
// encode_…() wrote stop the program (CHECK).

#include "localcloud/services/s3/records.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::s3 {
namespace {

using storage::Key;

Key owned_key(std::string_view account) {
  return Key("s3").add("owned").add(account);
}
Key settings_key(BucketSetting setting) {
  return Key("s3").add("setting").add(static_cast<std::uint64_t>(setting));
}
Key objects_key(std::string_view bucket) {
  return Key("s3").add("object").add(bucket);
}
Key body_key(std::string_view id) {
  return Key("s3").add("body").add_raw(id);
}
Key blob_key(std::string_view id) {
  return Key("s3").add("blob").add_raw(id);
}

std::string object_key(std::string_view bucket, std::string_view key) {
  return objects_key(bucket).add_raw(key).bytes();
}

class FieldWriter {
 public:
  void text(std::uint64_t field, std::string_view bytes) {
    number(field);
    number(bytes.size());
    bytes_ += bytes;
  }
  void text_if_any(std::uint64_t field, const std::optional<std::string>& bytes) {
    if (bytes) text(field, *bytes);
  }
  void pair(std::uint64_t field, std::string_view first, std::string_view second) {
    FieldWriter both;
    both.text(1, first);
    both.text(2, second);
    text(field, both.bytes_);
  }
  void value(std::uint64_t field, std::uint64_t value) {
    FieldWriter inner;
    inner.number(value);
    text(field, inner.bytes_);
  }
  std::string take() { return std::move(bytes_); }

 private:
  void number(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>(number | 0x80);
    bytes_ += static_cast<char>(number);
  }
  std::string bytes_;
};

class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  // Moves to the next field; false at the end.
  bool next() {
    if (rest_.empty()) return false;
    field_ = number(rest_);
    const std::uint64_t length = number(rest_);
    CHECK(length <= rest_.size());
    value_ = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }
  std::uint64_t field() const { return field_; }
  std::string text() const { return std::string(value_); }
  std::uint64_t value() const {
    std::string_view bytes = value_;
    return number(bytes);
  }
  std::pair<std::string, std::string> pair() const {
    FieldReader both(value_);
    CHECK(both.next());
    std::string first = both.text();
    CHECK(both.next());
    return {std::move(first), both.text()};
  }

 private:
  static std::uint64_t number(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      CHECK(!bytes.empty());
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return number;
    }
    CHECK(!"a number of more than 64 bits");
    return 0;
  }
  std::string_view rest_;
  std::string_view value_;
  std::uint64_t field_ = 0;
};

// The fields' numbers are what lies on disk: never change one, never use one again.
enum BucketField : std::uint64_t { kAccount = 1, kRegion = 2, kCreated = 3 };
enum ObjectField : std::uint64_t {
  kBodyId = 1,
  kInFile = 2,
  kSize = 3,
  kMd5 = 4,
  kLastModified = 5,
  kStorageClass = 6,
  kChecksum = 7,
  kContentType = 8,
  kContentEncoding = 9,
  kContentDisposition = 10,
  kContentLanguage = 11,
  kCacheControl = 12,
  kExpires = 13,
  kMetadata = 14,
  kTag = 15,
  kBody = 16,
};

Checksum decode_checksum(const std::pair<std::string, std::string>& stored) {
  const auto algorithm = parse_checksum_algorithm(stored.first);
  CHECK(algorithm.has_value());
  return {*algorithm, stored.second};
}

}  // namespace

std::string ObjectRecord::etag() const {
  return '"' + base::to_hex(md5) + '"';
}

// Buckets

std::string bucket_key(std::string_view bucket) {
  return Key("s3").add("bucket").add(bucket).bytes();
}

BucketRecord decode_bucket(std::string_view bucket, std::string_view bytes) {
  BucketRecord record{.name = std::string(bucket)};
  for (FieldReader fields(bytes); fields.next();) {
    if (fields.field() == kAccount) record.account = fields.text();
    if (fields.field() == kRegion) record.region = fields.text();
    if (fields.field() == kCreated) record.created = base::from_unix_us(static_cast<std::int64_t>(fields.value()));
  }
  return record;
}

std::optional<BucketRecord> read_bucket(const storage::Reader& reader, std::string_view bucket) {
  const auto bytes = reader.get(bucket_key(bucket));
  return bytes ? std::optional(decode_bucket(bucket, *bytes)) : std::nullopt;
}

void write_bucket(storage::Transaction& transaction, const BucketRecord& bucket) {
  FieldWriter fields;
  fields.text(kAccount, bucket.account);
  fields.text(kRegion, bucket.region);
  fields.value(kCreated, static_cast<std::uint64_t>(base::to_unix_us(bucket.created)));
  transaction.put(bucket_key(bucket.name), fields.take());
  transaction.put(owned_key(bucket.account).add(bucket.name), "");
}

void erase_bucket(storage::Transaction& transaction, const BucketRecord& bucket) {
  transaction.erase(bucket_key(bucket.name));
  transaction.erase(owned_key(bucket.account).add(bucket.name));
  for (const auto setting : {BucketSetting::policy, BucketSetting::lifecycle, BucketSetting::encryption,
                             BucketSetting::public_access_block, BucketSetting::tagging}) {
    erase_setting(transaction, bucket.name, setting);
  }
}

bool has_objects(const storage::Reader& reader, std::string_view bucket) {
  bool found = false;
  visit_objects(reader, bucket, "", [&](std::string_view, std::string_view) {
    found = true;
    return storage::Step::stop;
  });
  return found;
}

void visit_buckets_of(const storage::Reader& reader, std::string_view account, std::string_view from,
                      const std::function<storage::Step(std::string_view bucket)>& visit) {
  const std::string all = owned_key(account).bytes();
  reader.scan(
      owned_key(account).add(from).bytes(), storage::after_prefix(all),
      [&](std::string_view key, std::string_view) { return visit(storage::KeyReader(key.substr(all.size())).text()); });
}

std::vector<std::string> buckets_with(const storage::Reader& reader, BucketSetting setting) {
  const std::string all = settings_key(setting).bytes();
  std::vector<std::string> buckets;
  reader.scan(all, storage::after_prefix(all), [&](std::string_view key, std::string_view) {
    buckets.push_back(storage::KeyReader(key.substr(all.size())).text());
    return storage::Step::go_on;
  });
  return buckets;
}

std::string setting_key(std::string_view bucket, BucketSetting setting) {
  return settings_key(setting).add(bucket).bytes();
}

std::optional<std::string> read_setting(const storage::Reader& reader, std::string_view bucket, BucketSetting setting) {
  return reader.get(setting_key(bucket, setting));
}

void write_setting(storage::Transaction& transaction, std::string_view bucket, BucketSetting setting,
                   std::string_view text) {
  transaction.put(setting_key(bucket, setting), text);
}

void erase_setting(storage::Transaction& transaction, std::string_view bucket, BucketSetting setting) {
  transaction.erase(setting_key(bucket, setting));
}

// Objects

std::string encode_object(const ObjectRecord& record) {
  FieldWriter fields;
  fields.text(kBodyId, record.body_id);
  if (record.in_file) fields.value(kInFile, 1);
  fields.value(kSize, record.size);
  fields.text(kMd5, record.md5);
  fields.value(kLastModified, static_cast<std::uint64_t>(base::to_unix_us(record.last_modified)));
  fields.text(kStorageClass, record.storage_class);
  if (record.checksum) fields.pair(kChecksum, name_of(record.checksum->algorithm), record.checksum->digest);
  fields.text(kContentType, record.headers.content_type);
  fields.text_if_any(kContentEncoding, record.headers.content_encoding);
  fields.text_if_any(kContentDisposition, record.headers.content_disposition);
  fields.text_if_any(kContentLanguage, record.headers.content_language);
  fields.text_if_any(kCacheControl, record.headers.cache_control);
  fields.text_if_any(kExpires, record.headers.expires);
  for (const auto& [name, value] : record.headers.metadata) fields.pair(kMetadata, name, value);
  for (const auto& [key, value] : record.tags) fields.pair(kTag, key, value);
  fields.text_if_any(kBody, record.body);
  return fields.take();
}

ObjectRecord decode_object(std::string_view bytes) {
  ObjectRecord record;
  ObjectHeaders& headers = record.headers;
  for (FieldReader fields(bytes); fields.next();) {
    switch (static_cast<ObjectField>(fields.field())) {
      case kBodyId:
        record.body_id = fields.text();
        break;
      case kInFile:
        record.in_file = fields.value() != 0;
        break;
      case kSize:
        record.size = fields.value();
        break;
      case kMd5:
        record.md5 = fields.text();
        break;
      case kLastModified:
        record.last_modified = base::from_unix_us(static_cast<std::int64_t>(fields.value()));
        break;
      case kStorageClass:
        record.storage_class = fields.text();
        break;
      case kChecksum:
        record.checksum = decode_checksum(fields.pair());
        break;
      case kContentType:
        headers.content_type = fields.text();
        break;
      case kContentEncoding:
        headers.content_encoding = fields.text();
        break;
      case kContentDisposition:
        headers.content_disposition = fields.text();
        break;
      case kContentLanguage:
        headers.content_language = fields.text();
        break;
      case kCacheControl:
        headers.cache_control = fields.text();
        break;
      case kExpires:
        headers.expires = fields.text();
        break;
      case kMetadata:
        headers.metadata.push_back(fields.pair());
        break;
      case kTag: {
        auto [key, value] = fields.pair();
        record.tags.push_back({std::move(key), std::move(value)});
        break;
      }
      case kBody:
        record.body = fields.text();
        break;
    }
  }
  return record;
}

std::optional<ObjectRecord> read_object(const storage::Reader& reader, std::string_view bucket, std::string_view key) {
  const auto bytes = reader.get(object_key(bucket, key));
  return bytes ? std::optional(decode_object(*bytes)) : std::nullopt;
}

namespace {
void erase_body(storage::Transaction& transaction, const ObjectRecord& record) {
  if (record.body) return;  // it goes with the record
  transaction.erase(record.in_file ? blob_key(record.body_id) : body_key(record.body_id));
}
}  // namespace

void write_object(storage::Transaction& transaction, std::string_view bucket, std::string_view key,
                  const ObjectRecord& record, const std::optional<ObjectRecord>& old, std::string_view body) {
  if (old) erase_body(transaction, *old);
  transaction.put(object_key(bucket, key), encode_object(record));
  if (record.in_file) {
    transaction.put(blob_key(record.body_id), "");
  } else if (!record.body) {
    CHECK(body.size() == record.size);
    transaction.put(body_key(record.body_id), body);
  }
}

void erase_object(storage::Transaction& transaction, std::string_view bucket, std::string_view key,
                  const ObjectRecord& record) {
  erase_body(transaction, record);
  transaction.erase(object_key(bucket, key));
}

std::optional<std::string> read_body(const storage::Reader& reader, std::string_view body_id) {
  return reader.get(body_key(body_id));
}

bool is_blob_recorded(const storage::Reader& reader, std::string_view body_id) {
  return reader.get(blob_key(body_id)).has_value();
}

void visit_objects(const storage::Reader& reader, std::string_view bucket, std::string_view from,
                   const ObjectVisit& visit) {
  const std::string all = objects_key(bucket).bytes();
  reader.scan(object_key(bucket, from), storage::after_prefix(all),
              [&](std::string_view key, std::string_view bytes) { return visit(key.substr(all.size()), bytes); });
}

}  // namespace localcloud::s3
