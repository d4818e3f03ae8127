// PutBucketLifecycleConfiguration replaces a bucket's lifecycle rules.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<PutBucketLifecycleConfiguration> put_bucket_lifecycle_configuration(
    S3& room, const wire::Caller& caller, PutBucketLifecycleConfiguration::Input input) {
  std::vector<LifecycleRule> rules = TRY(from_shape(input.configuration));
  rules = TRY(check_lifecycle(std::move(rules), room.ids));
  const std::string smallest = input.transition_default_minimum_object_size.value_or("all_storage_classes_128K");
  if (smallest != "all_storage_classes_128K") {
    return failure(not_implemented("x-amz-transition-default-minimum-object-size", "A minimum size for transitions"));
  }
  return [caller, input = std::move(input), rules = std::move(rules),
          smallest](storage::Transaction& transaction) -> Result<PutBucketLifecycleConfiguration::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    write_setting(transaction, bucket.name, BucketSetting::lifecycle, to_text(rules));
    return PutBucketLifecycleConfiguration::Output{.transition_default_minimum_object_size = smallest};
  };
}

}  // namespace localcloud::s3
