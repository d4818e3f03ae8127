// GetBucketLocation says which region a bucket is in; us-east-1 is the one without a name.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketLocation> get_bucket_location(S3& room, const wire::Caller& caller, GetBucketLocation::Input input) {
  const BucketRecord bucket = TRY(find_bucket_anywhere(*room.store.snapshot(), caller, input));
  const std::string region = bucket.region == "us-east-1" ? "" : bucket.region;
  return GetBucketLocation::Output{.location_constraint_document =
                                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint "
                                       "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
                                       region + "</LocationConstraint>"};
}

}  // namespace localcloud::s3
