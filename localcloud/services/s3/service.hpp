#pragma once
// S3's front desk: what the room needs, and one function per operation.

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "localcloud/services/s3/api.hpp"
#include "localcloud/services/s3/buckets/kept.hpp"
#include "localcloud/services/s3/objects/body_md5.hpp"
#include "localcloud/services/s3/records.hpp"
#include "localcloud/storage/blobs.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/resource_policies.hpp"

namespace localcloud::s3 {

// Thread-safe. Everything must outlive the room. `blobs` is a folder of the room's own.
struct S3 {
  storage::Store& store;
  storage::Blobs& blobs;
  const base::Clock& clock;
  base::Ids& ids;
  wire::Authorizer& authorizer;  // for what an operation finds out only under way: each key of DeleteObjects
  const wire::ResourcePolicies& policies;
  KeptBuckets buckets = {};
  HashThreads hash_threads = {};
};

// Removes the bodies that a crash left without a record. At start, before the first request; says how many there were.
std::size_t sweep_orphans(S3& room);

// Deletes the objects whose lifecycle rules say so, in slices that don't hold up the writer lane; says how many there
// were. Waits for the disk: not on a worker. main.cpp calls it every hour or so.
std::size_t expire_objects(S3& room, base::Time now);

wire::Service front_desk(S3& room);

// What a request needs to be allowed to do.
wire::Access to_bucket(S3& room, const wire::Caller& caller, std::string_view action, std::string_view bucket);
wire::Access to_object(S3& room, const wire::Caller& caller, std::string_view action, std::string_view bucket,
                       std::string_view key);

template <class Input>
  requires requires(const Input& input) { Input::kAction, input.bucket; }
std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const Input& input) {
  if constexpr (requires { input.key; }) {
    return {to_object(room, caller, Input::kAction, input.bucket, input.key)};
  } else {
    return {to_bucket(room, caller, Input::kAction, input.bucket)};
  }
}
std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const CreateBucket::Input& input);
std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const PutObject::Input& input);
std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const DeleteObjects::Input& input);
std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const ListObjectsV2::Input& input);
std::vector<wire::Access> access(S3& room, const wire::Caller& caller, const ListObjects::Input& input);

template <class Op>
using Answer = Result<typename Op::Output>;
template <class Op>
using Change = wire::Change<typename Op::Output>;

Change<CreateBucket> create_bucket(S3&, const wire::Caller&, CreateBucket::Input);
Answer<HeadBucket> head_bucket(S3&, const wire::Caller&, HeadBucket::Input);
Answer<ListBuckets> list_buckets(S3&, const wire::Caller&, ListBuckets::Input);
Change<DeleteBucket> delete_bucket(S3&, const wire::Caller&, DeleteBucket::Input);
Answer<GetBucketLocation> get_bucket_location(S3&, const wire::Caller&, GetBucketLocation::Input);
Answer<GetBucketVersioning> get_bucket_versioning(S3&, const wire::Caller&, GetBucketVersioning::Input);

Change<PutPublicAccessBlock> put_public_access_block(S3&, const wire::Caller&, PutPublicAccessBlock::Input);
Answer<GetPublicAccessBlock> get_public_access_block(S3&, const wire::Caller&, GetPublicAccessBlock::Input);
Change<DeletePublicAccessBlock> delete_public_access_block(S3&, const wire::Caller&, DeletePublicAccessBlock::Input);
Change<PutBucketEncryption> put_bucket_encryption(S3&, const wire::Caller&, PutBucketEncryption::Input);
Answer<GetBucketEncryption> get_bucket_encryption(S3&, const wire::Caller&, GetBucketEncryption::Input);
Change<DeleteBucketEncryption> delete_bucket_encryption(S3&, const wire::Caller&, DeleteBucketEncryption::Input);
Change<PutBucketLifecycleConfiguration> put_bucket_lifecycle_configuration(S3&, const wire::Caller&,
                                                                           PutBucketLifecycleConfiguration::Input);
Answer<GetBucketLifecycleConfiguration> get_bucket_lifecycle_configuration(S3&, const wire::Caller&,
                                                                           GetBucketLifecycleConfiguration::Input);
Change<DeleteBucketLifecycle> delete_bucket_lifecycle(S3&, const wire::Caller&, DeleteBucketLifecycle::Input);
Change<PutBucketPolicy> put_bucket_policy(S3&, const wire::Caller&, PutBucketPolicy::Input);
Answer<GetBucketPolicy> get_bucket_policy(S3&, const wire::Caller&, GetBucketPolicy::Input);
Change<DeleteBucketPolicy> delete_bucket_policy(S3&, const wire::Caller&, DeleteBucketPolicy::Input);
Answer<GetBucketPolicyStatus> get_bucket_policy_status(S3&, const wire::Caller&, GetBucketPolicyStatus::Input);
Change<PutBucketTagging> put_bucket_tagging(S3&, const wire::Caller&, PutBucketTagging::Input);
Answer<GetBucketTagging> get_bucket_tagging(S3&, const wire::Caller&, GetBucketTagging::Input);
Change<DeleteBucketTagging> delete_bucket_tagging(S3&, const wire::Caller&, DeleteBucketTagging::Input);

Task<Answer<PutObject>> put_object(S3&, const wire::Caller&, PutObject::Input);
Answer<GetObject> get_object(S3&, const wire::Caller&, GetObject::Input);
Answer<HeadObject> head_object(S3&, const wire::Caller&, HeadObject::Input);
Task<Answer<DeleteObject>> delete_object(S3&, const wire::Caller&, DeleteObject::Input);
Task<Answer<DeleteObjects>> delete_objects(S3&, const wire::Caller&, DeleteObjects::Input);
Answer<ListObjectsV2> list_objects_v2(S3&, const wire::Caller&, ListObjectsV2::Input);
Answer<ListObjects> list_objects(S3&, const wire::Caller&, ListObjects::Input);

}  // namespace localcloud::s3
