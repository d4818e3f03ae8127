// GetBucketEncryption says which encryption objects get without asking.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketEncryption> get_bucket_encryption(S3& room, const wire::Caller& caller,
                                                  GetBucketEncryption::Input input) {
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));
  const auto text = read_setting(*reader, bucket.name, BucketSetting::encryption);

  return GetBucketEncryption::Output{.configuration = text ? encryption_from_text(*text) : default_encryption()};
}

}  // namespace localcloud::s3
