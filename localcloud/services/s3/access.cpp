// What requests need to be allowed to do, with what IAM must know of the bucket.

#include "base/text.hpp"
#include "localcloud/services/s3/buckets/policy.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

// The bucket's policy as far as it counts for this caller.
std::optional<std::string> policy_for(S3& room, const wire::Caller& caller, const BucketRecord& bucket) {
  const storage::Reader& reader = room.store.current();
  const auto policy = room.buckets.policy(reader, bucket.name);
  if (!policy) return std::nullopt;
  if (bucket.account == caller.account) return *policy;
  // RestrictPublicBuckets: a policy that lets anybody in lets in none but the bucket's own account.
  const auto block = read_setting(reader, bucket.name, BucketSetting::public_access_block);
  const bool restricts = block && public_access_block_from_text(*block).restrict_public_buckets.value_or(false);
  if (restricts && is_public_policy(*policy)) return std::nullopt;
  return *policy;
}

wire::Access to_resource(S3& room, const wire::Caller& caller, std::string_view action, std::string_view bucket,
                         std::string resource) {
  wire::Access access{.action = std::string(action), .resource = std::move(resource)};
  // Unlike AWS: IAM is asked first, so a bucket that is missing is missing only for those who may ask for it.
  if (const auto record = room.buckets.find(room.store.current(), bucket)) {
    access.resource_account = record->account;
    access.resource_policy = policy_for(room, caller, *record);
  }
  return access;
}

std::vector<wire::Access> to_listing(S3& room, const wire::Caller& caller, const ListInput& input) {
  wire::Access access = to_bucket(room, caller, "s3:ListBucket", input.bucket);
  if (input.prefix) access.context.push_back({"s3:prefix", {*input.prefix}});
  if (input.delimiter) access.context.push_back({"s3:delimiter", {*input.delimiter}});
  if (input.max_keys) access.context.push_back({"s3:max-keys", {*input.max_keys}});
  return {std::move(access)};
}

}  // namespace

wire::Access to_bucket(S3& room, const wire::Caller& caller, std::string_view action, std::string_view bucket) {
  return to_resource(room, caller, action, bucket, "arn:aws:s3:::" + std::string(bucket));
}

wire::Access to_object(S3& room, const wire::Caller& caller, std::string_view action, std::string_view bucket,
                       std::string_view key) {
  return to_resource(room, caller, action, bucket, "arn:aws:s3:::" + std::string(bucket) + "/" + std::string(key));
}

// Who makes a bucket needs nobody's leave but its own account's, whosever the name may be.
std::vector<wire::Access> access(S3&, const wire::Caller&, const CreateBucket::Input& input) {
  return {{.action = "s3:CreateBucket", .resource = "arn:aws:s3:::" + input.bucket}};
}

std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const PutObject::Input& input) {
  wire::Access put = to_object(room, caller, "s3:PutObject", input.bucket, input.key);
  if (input.acl) put.context.push_back({"s3:x-amz-acl", {*input.acl}});
  if (input.storage_class) put.context.push_back({"s3:x-amz-storage-class", {*input.storage_class}});
  if (input.server_side_encryption) {
    put.context.push_back({"s3:x-amz-server-side-encryption", {*input.server_side_encryption}});
  }
  if (input.if_none_match) put.context.push_back({"s3:if-none-match", {*input.if_none_match}});
  if (input.if_match) put.context.push_back({"s3:if-match", {*input.if_match}});
  std::vector<wire::Access> accesses = {std::move(put)};
  if (input.tagging) {
    accesses.push_back(to_object(room, caller, "s3:PutObjectTagging", input.bucket, input.key));
  }
  return accesses;
}

// Each key is asked for by itself, under way: one that may not be deleted doesn't keep the others.
std::vector<wire::Access> access(S3&, const wire::Caller&, const DeleteObjects::Input&) {
  return {};
}

std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const ListObjectsV2::Input& input) {
  return to_listing(room, caller, input);
}

std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const ListObjects::Input& input) {
  return to_listing(room, caller, input);
}

}  // namespace localcloud::s3
