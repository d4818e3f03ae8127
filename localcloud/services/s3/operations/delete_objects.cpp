// DeleteObjects removes up to a thousand objects; each key is allowed, or refused, by itself.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/names.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/conditions.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

constexpr std::size_t kKeysMax = 1000;

Result<Done> check_one(S3& room, const wire::Caller& caller, const std::string& bucket,
                       const ObjectIdentifier& object) {
  TRY(check_key(object.key));
  const wire::Access access = to_object(room, caller, "s3:DeleteObject", bucket, object.key);
  if (auto reason = room.authorizer.denial(caller, access)) {
    return failure({"AccessDenied", *std::move(reason), 403});
  }
  if (object.version_id && *object.version_id != "null")
    return failure(no_such_version(object.key, *object.version_id));
  return Done{};
}

Result<Done> delete_one(storage::Transaction& transaction, const std::string& bucket, const ObjectIdentifier& object,
                        std::vector<std::string>& files) {
  const auto old = read_object(transaction, bucket, object.key);
  TRY(check_write({.if_match = object.etag}, old ? std::optional(old->etag()) : std::nullopt, object.key));
  if (!old) return Done{};
  erase_object(transaction, bucket, object.key, *old);
  if (old->in_file) files.push_back(old->body_id);
  return Done{};
}

// What became of each key, in the order they were asked for.
DeleteObjects::Output report(const Delete& asked, std::vector<Result<Done>>& outcomes) {
  DeleteObjects::Output output;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const std::string& key = asked.objects[i].key;
    if (!outcomes[i]) {
      output.errors.push_back({.key = key, .code = outcomes[i].error().code, .message = outcomes[i].error().message});
    } else if (!asked.quiet.value_or(false)) {
      output.deleted.push_back({.key = key});
    }
  }
  return output;
}

}  // namespace

Task<Answer<DeleteObjects>> delete_objects(S3& room, const wire::Caller& caller, DeleteObjects::Input input) {
  const std::vector<ObjectIdentifier>& objects = input.remove.objects;
  if (objects.empty() || objects.size() > kKeysMax) co_return failure(malformed_xml());
  Result<BucketRecord> bucket = find_bucket(*room.store.snapshot(), caller, input);
  if (!bucket) co_return failure(std::move(bucket.error()));

  std::vector<Result<Done>> outcomes;
  for (const ObjectIdentifier& object : objects) outcomes.push_back(check_one(room, caller, input.bucket, object));

  std::vector<std::string> files;
  storage::WriteFunction<Done> change = [&](storage::Transaction& transaction) -> Result<Done> {
    TRY(find_bucket(transaction, caller, input));
    for (std::size_t i = 0; i < objects.size(); ++i) {
      if (outcomes[i]) outcomes[i] = delete_one(transaction, input.bucket, objects[i], files);
    }
    return Done{};
  };
  Result<Done> written = co_await room.store.write<Done>(std::move(change));
  if (!written) co_return failure(std::move(written.error()));
  for (const std::string& id : files) room.blobs.erase(id);
  co_return report(input.remove, outcomes);
}

}  // namespace localcloud::s3
