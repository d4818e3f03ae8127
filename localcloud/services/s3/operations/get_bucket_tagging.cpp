// GetBucketTagging lists the tags of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetBucketTagging> get_bucket_tagging(S3& room, const wire::Caller& caller, GetBucketTagging::Input input) {
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));
  const auto text = read_setting(*reader, bucket.name, BucketSetting::tagging);
  if (!text) return failure(no_such_tag_set(bucket.name));
  return GetBucketTagging::Output{.tag_set = to_shape(tags_from_text(*text))};
}

}  // namespace localcloud::s3
