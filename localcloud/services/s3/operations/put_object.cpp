// PutObject stores a body under a key, replacing what was there.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html

#include "localcloud/services/s3/buckets/expiry.hpp"
#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/objects/put_plan.hpp"
#include "localcloud/services/s3/objects/receive.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

// What would be refused anyway is refused before the body is read.
Result<Done> check_place(S3& room, const wire::Caller& caller, const PutObject::Input& input, const PutPlan& plan) {
  const storage::Reader& reader = room.store.current();
  TRY(check_bucket(room.buckets.find(reader, input.bucket).get(), caller, input));
  if (!plan.conditions.if_match && !plan.conditions.if_none_match) return Done{};
  const auto old = read_object(reader, input.bucket, input.key);
  return check_write(plan.conditions, old ? std::optional(old->etag()) : std::nullopt, input.key);
}

PutObject::Output answer(S3& room, const PutObject::Input& input, const ObjectRecord& record) {
  PutObject::Output output;
  output.etag = record.etag();
  output.expiration = expiration_of(room, input.bucket, input.key, record);
  output.checksum_type = "FULL_OBJECT";
  output.server_side_encryption = "AES256";
  set_checksum(output, *record.checksum);
  return output;
}

}  // namespace

Task<Answer<PutObject>> put_object(S3& room, const wire::Caller& caller, PutObject::Input input) {
  Result<PutPlan> plan = plan_put(input);
  if (!plan) co_return failure(std::move(plan.error()));
  Result<Done> place = check_place(room, caller, input, *plan);
  if (!place) co_return failure(std::move(place.error()));

  Result<ReceivedBody> body = co_await receive(room.blobs, room.hash_threads, *input.body, plan->algorithm());
  if (!body) co_return failure(std::move(body.error()));
  Result<Done> claims = check_body(*plan, body->md5, body->checksum, input.body->trailers());
  if (!claims) co_return failure(std::move(claims.error()));

  ObjectRecord record = std::move(plan->record);
  record.in_file = body->file.has_value();
  record.body_id = body->file ? body->file->id() : room.ids.hex(32);
  record.size = body->size;
  if (!record.in_file && body->size <= kBodyInRecordMax) record.body = std::move(body->bytes);
  record.md5 = body->md5;
  record.checksum = body->checksum;
  // The file is durable before the record is: a crash in between leaves a file that the sweep removes.
  if (body->file) co_await body->file->keep();

  std::optional<ObjectRecord> old;
  storage::WriteFunction<Done> change = [&](storage::Transaction& transaction) -> Result<Done> {
    TRY(check_bucket(room.buckets.find(transaction, input.bucket).get(), caller, input));
    old = read_object(transaction, input.bucket, input.key);
    TRY(check_write(plan->conditions, old ? std::optional(old->etag()) : std::nullopt, input.key));
    // To the second, which is all that Last-Modified can say.
    record.last_modified = std::chrono::floor<std::chrono::seconds>(room.clock.now());
    write_object(transaction, input.bucket, input.key, record, old, body->bytes);
    return Done{};
  };
  Result<Done> written = Done{};
  try {
    written = co_await room.store.write<Done>(std::move(change));
  } catch (const storage::CommitFailure&) {
    throw;  // nobody knows whether the record lies on the disk: the file stays, and the sweep decides
  } catch (const storage::StorageUnavailable&) {
    if (record.in_file) room.blobs.erase(record.body_id);
    throw;
  }
  if (!written) {
    if (record.in_file) room.blobs.erase(record.body_id);
    co_return failure(std::move(written.error()));
  }
  if (old && old->in_file) room.blobs.erase(old->body_id);
  co_return answer(room, input, record);
}

}  // namespace localcloud::s3
