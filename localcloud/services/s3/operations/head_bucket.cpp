// HeadBucket says whether a bucket is there and may be listed.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<HeadBucket> head_bucket(S3& room, const wire::Caller& caller, HeadBucket::Input input) {
  const BucketRecord bucket = TRY(find_bucket(*room.store.snapshot(), caller, input));
  return HeadBucket::Output{.bucket_region = bucket.region, .bucket_arn = "arn:aws:s3:::" + bucket.name};
}

}  // namespace localcloud::s3
