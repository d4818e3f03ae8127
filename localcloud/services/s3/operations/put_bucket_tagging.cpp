// PutBucketTagging replaces all tags of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<PutBucketTagging> put_bucket_tagging(S3&, const wire::Caller& caller, PutBucketTagging::Input input) {
  Tags tags = from_shape(input.tagging.tag_set);
  TRY(check_tags(tags, kBucketTagsMax));
  return [caller, input = std::move(input),
          tags = std::move(tags)](storage::Transaction& transaction) -> Result<PutBucketTagging::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    write_setting(transaction, bucket.name, BucketSetting::tagging, to_text(tags));
    return PutBucketTagging::Output{};
  };
}

}  // namespace localcloud::s3
