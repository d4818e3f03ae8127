// DeleteBucketLifecycle removes all lifecycle rules of a bucket; objects then stay.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<DeleteBucketLifecycle> delete_bucket_lifecycle(S3&, const wire::Caller& caller,
                                                      DeleteBucketLifecycle::Input input) {
  return
      [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteBucketLifecycle::Output> {
        const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
        erase_setting(transaction, bucket.name, BucketSetting::lifecycle);
        return DeleteBucketLifecycle::Output{};
      };
}

}  // namespace localcloud::s3
