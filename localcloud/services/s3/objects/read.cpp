#include "localcloud/services/s3/objects/read.hpp"

#include <algorithm>

#include "aws/dates.hpp"
#include "localcloud/services/s3/buckets/expiry.hpp"
#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/names.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/conditions.hpp"
#include "localcloud/services/s3/objects/put_plan.hpp"

namespace localcloud::s3 {
namespace {

// The response-… parameters stand in a URL that anybody can make, so nothing of them may end a header's line.
Result<Done> check_overrides(const ReadInput& input) {
  const std::pair<std::string_view, const std::optional<std::string>&> overrides[] = {
      {"response-cache-control", input.response_cache_control},
      {"response-content-disposition", input.response_content_disposition},
      {"response-content-encoding", input.response_content_encoding},
      {"response-content-language", input.response_content_language},
      {"response-content-type", input.response_content_type},
      {"response-expires", input.response_expires}};
  for (const auto& [name, value] : overrides) {
    const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
    if (value && std::ranges::any_of(*value, is_control)) {
      return failure(invalid_argument("Header value cannot be represented using ISO-8859-1.", name, *value));
    }
  }
  return Done{};
}

Result<Done> check_version_and_part(const ReadInput& input) {
  if (input.version_id && *input.version_id != "null") {
    return failure(invalid_argument("Invalid version id specified", "versionId", *input.version_id));
  }
  if (input.part_number && *input.part_number != 1) return failure(invalid_part_number());
  return Done{};
}

// Who may not list the bucket isn't told that a key is missing.
ServiceError missing(S3& room, const wire::Caller& caller, const ReadInput& input) {
  const wire::Access listing = to_bucket(room, caller, "s3:ListBucket", input.bucket);
  if (auto reason = room.authorizer.denial(caller, listing)) return {"AccessDenied", *std::move(reason), 403};
  return no_such_key(input.key);
}

std::optional<base::Time> date_of(const std::optional<std::string>& header) {
  return header ? aws::parse_http_date(*header) : std::nullopt;
}

void describe(ReadOutput& head, const ReadInput& input, const ObjectRecord& record) {
  const auto pick = [](const std::optional<std::string>& override, const std::optional<std::string>& stored) {
    return override ? override : stored;
  };
  const ObjectHeaders& stored = record.headers;
  head.content_type = pick(input.response_content_type, stored.content_type);
  head.content_encoding = pick(input.response_content_encoding, stored.content_encoding);
  head.content_disposition = pick(input.response_content_disposition, stored.content_disposition);
  head.content_language = pick(input.response_content_language, stored.content_language);
  head.cache_control = pick(input.response_cache_control, stored.cache_control);
  head.expires = pick(input.response_expires, stored.expires);
  head.metadata = {stored.metadata.begin(), stored.metadata.end()};
  if (record.storage_class != "STANDARD") head.storage_class = record.storage_class;
  if (!record.tags.empty()) head.tag_count = static_cast<std::int32_t>(record.tags.size());
  head.server_side_encryption = "AES256";
}

}  // namespace

Result<ObjectToRead> find_to_read(S3& room, const wire::Caller& caller, const ReadInput& input) {
  TRY(check_key(input.key));
  TRY(check_overrides(input));
  TRY(check_version_and_part(input));
  ObjectToRead object{.reader = room.store.snapshot()};
  TRY(check_bucket(room.buckets.find(*object.reader, input.bucket).get(), caller, input));
  auto record = read_object(*object.reader, input.bucket, input.key);
  if (!record) return failure(missing(room, caller, input));
  object.record = *std::move(record);
  object.head.etag = object.record.etag();
  object.head.last_modified = {object.record.last_modified};

  const ReadConditions conditions{.if_match = input.if_match,
                                  .if_none_match = input.if_none_match,
                                  .if_modified_since = date_of(input.if_modified_since),
                                  .if_unmodified_since = date_of(input.if_unmodified_since)};
  if (Result<Done> holds = check_read(conditions, object.head.etag, object.record.last_modified); !holds) {
    // A 304 is an answer with a head of its own, not an error.
    if (holds.error().http_status != 304) return failure(std::move(holds.error()));
    object.head.status = 304;
    return object;
  }
  const auto range = input.range ? TRY(parse_range(*input.range, object.record.size)) : std::nullopt;
  object.range = range.value_or(ByteRange{0, object.record.size});
  describe(object.head, input, object.record);
  object.head.expiration = expiration_of(room, input.bucket, input.key, object.record);
  if (range) {
    object.head.status = 206;
    object.head.content_range = content_range(*range, object.record.size);
  } else if (input.checksum_mode == "ENABLED" && object.record.checksum) {
    set_checksum(object.head, *object.record.checksum);
    object.head.checksum_type = "FULL_OBJECT";
  }
  return object;
}

}  // namespace localcloud::s3
