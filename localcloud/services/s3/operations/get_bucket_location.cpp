// GetBucketLocation says which region a bucket is in; us-east-1 is the one without a name.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketLocation> get_bucket_location(S3& room, const wire::Caller& caller, GetBucketLocation::Input input) {
  const BucketRecord bucket = TRY(find_bucket_anywhere(*room.store.snapshot(), caller, input));
  if (bucket.region == "us-east-1") return GetBucketLocation::Output{};
  return GetBucketLocation::Output{.location_constraint = bucket.region};
}

}  // namespace localcloud::s3
