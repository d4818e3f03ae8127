// DeleteBucketPolicy removes the policy of a bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<DeleteBucketPolicy> delete_bucket_policy(S3&, const wire::Caller& caller, DeleteBucketPolicy::Input input) {
  return [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteBucketPolicy::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    erase_setting(transaction, bucket.name, BucketSetting::policy);
    return DeleteBucketPolicy::Output{};
  };
}

}  // namespace localcloud::s3
