// DeleteObject removes an object; that there is none is as good.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/names.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/conditions.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

Result<Done> check(const DeleteObject::Input& input) {
  TRY(check_key(input.key));
  if (input.version_id && *input.version_id != "null") {
    return failure(invalid_argument("Invalid version id specified", "versionId", *input.version_id));
  }
  return Done{};
}

}  // namespace

Task<Answer<DeleteObject>> delete_object(S3& room, const wire::Caller& caller, DeleteObject::Input input) {
  Result<Done> checked = check(input);
  if (!checked) co_return failure(std::move(checked.error()));

  std::optional<ObjectRecord> old;
  storage::WriteFunction<Done> change = [&](storage::Transaction& transaction) -> Result<Done> {
    TRY(find_bucket(transaction, caller, input));
    old = read_object(transaction, input.bucket, input.key);
    if (!old) return Done{};
    TRY(check_write({.if_match = input.if_match}, old->etag(), input.key));
    erase_object(transaction, input.bucket, input.key, *old);
    return Done{};
  };
  Result<Done> written = co_await room.store.write<Done>(std::move(change));
  if (!written) co_return failure(std::move(written.error()));
  if (old && old->in_file) room.blobs.erase(old->body_id);
  co_return DeleteObject::Output{};
}

}  // namespace localcloud::s3
