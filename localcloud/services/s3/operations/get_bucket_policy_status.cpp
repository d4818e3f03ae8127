// GetBucketPolicyStatus says whether a bucket's policy lets the public in.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/policy.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketPolicyStatus> get_bucket_policy_status(S3& room, const wire::Caller& caller,
                                                       GetBucketPolicyStatus::Input input) {
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));
  const auto text = read_setting(*reader, bucket.name, BucketSetting::policy);
  if (!text) return failure(no_such_bucket_policy(bucket.name));
  return GetBucketPolicyStatus::Output{.status = {.is_public = is_public_policy(*text)}};
}

}  // namespace localcloud::s3
