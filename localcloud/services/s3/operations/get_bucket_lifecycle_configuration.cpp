// GetBucketLifecycleConfiguration lists the lifecycle rules of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketLifecycleConfiguration> get_bucket_lifecycle_configuration(
    S3& room, const wire::Caller& caller, GetBucketLifecycleConfiguration::Input input) {
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));
  const auto text = read_setting(*reader, bucket.name, BucketSetting::lifecycle);
  if (!text) return failure(no_such_lifecycle_configuration(bucket.name));
  return GetBucketLifecycleConfiguration::Output{.rules = to_shape(lifecycle_from_text(*text)),
                                                 .transition_default_minimum_object_size = "all_storage_classes_128K"};
}

}  // namespace localcloud::s3
