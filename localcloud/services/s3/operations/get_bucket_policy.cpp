// GetBucketPolicy answers a bucket's policy.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketPolicy> get_bucket_policy(S3& room, const wire::Caller& caller, GetBucketPolicy::Input input) {
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));
  const auto text = read_setting(*reader, bucket.name, BucketSetting::policy);
  if (!text) return failure(no_such_bucket_policy(bucket.name));
  return GetBucketPolicy::Output{.policy = room.policies.show(*text)};
}

}  // namespace localcloud::s3
