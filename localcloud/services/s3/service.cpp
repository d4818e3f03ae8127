// S3's table of operations.

#include "localcloud/services/s3/service.hpp"

#include "localcloud/services/s3/refusals.hpp"

namespace localcloud::s3 {
namespace {

using wire::operation;

constexpr wire::Operation kOperations[] = {
    operation<CreateBucket, &create_bucket>(),
    operation<HeadBucket, &head_bucket>(),
    operation<ListBuckets, &list_buckets>(),
    operation<DeleteBucket, &delete_bucket>(),
    operation<GetBucketLocation, &get_bucket_location>(),
    operation<GetBucketVersioning, &get_bucket_versioning>(),
    operation<PutPublicAccessBlock, &put_public_access_block>(),
    operation<GetPublicAccessBlock, &get_public_access_block>(),
    operation<DeletePublicAccessBlock, &delete_public_access_block>(),
    operation<PutBucketEncryption, &put_bucket_encryption>(),
    operation<GetBucketEncryption, &get_bucket_encryption>(),
    operation<DeleteBucketEncryption, &delete_bucket_encryption>(),
    operation<PutBucketLifecycleConfiguration, &put_bucket_lifecycle_configuration>(),
    operation<GetBucketLifecycleConfiguration, &get_bucket_lifecycle_configuration>(),
    operation<DeleteBucketLifecycle, &delete_bucket_lifecycle>(),
    operation<PutBucketPolicy, &put_bucket_policy>(),
    operation<GetBucketPolicy, &get_bucket_policy>(),
    operation<DeleteBucketPolicy, &delete_bucket_policy>(),
    operation<GetBucketPolicyStatus, &get_bucket_policy_status>(),
    operation<PutBucketTagging, &put_bucket_tagging>(),
    operation<GetBucketTagging, &get_bucket_tagging>(),
    operation<DeleteBucketTagging, &delete_bucket_tagging>(),
    operation<PutObject, &put_object>(),
    operation<GetObject, &get_object>(),
    operation<HeadObject, &head_object>(),
    operation<DeleteObject, &delete_object>(),
    operation<DeleteObjects, &delete_objects>(),
    operation<ListObjectsV2, &list_objects_v2>(),
    operation<ListObjects, &list_objects>(),
};

}  // namespace

wire::Service front_desk(S3& room) {
  return {.name = "s3",
          .signing_name = "s3",
          .rest = wire::Service::Rest::xml,
          .xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/",
          .validation_code = "MalformedXML",
          .denied_code = "AccessDenied",
          .denied_status = 403,
          .throttling = {.code = "SlowDown", .message = "Please reduce your request rate.", .status = 503},
          .body_max = 2 << 20,  // DeleteObjects of a thousand keys
          .operations = kOperations,
          .room = &room,
          .refuse = &refuse};
}

std::size_t sweep_orphans(S3& room) {
  const auto reader = room.store.snapshot();
  return room.blobs.sweep([&](std::string_view id) { return is_blob_recorded(*reader, id); });
}

}  // namespace localcloud::s3
