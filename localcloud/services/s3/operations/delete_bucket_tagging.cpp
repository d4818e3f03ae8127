// DeleteBucketTagging removes all tags of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<DeleteBucketTagging> delete_bucket_tagging(S3&, const wire::Caller& caller, DeleteBucketTagging::Input input) {
  return [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteBucketTagging::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    erase_setting(transaction, bucket.name, BucketSetting::tagging);
    return DeleteBucketTagging::Output{};
  };
}

}  // namespace localcloud::s3
