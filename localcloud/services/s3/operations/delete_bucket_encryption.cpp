// DeleteBucketEncryption returns a bucket to the encryption that every bucket begins with.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<DeleteBucketEncryption> delete_bucket_encryption(S3&, const wire::Caller& caller,
                                                        DeleteBucketEncryption::Input input) {
  return
      [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteBucketEncryption::Output> {
        const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
        erase_setting(transaction, bucket.name, BucketSetting::encryption);
        return DeleteBucketEncryption::Output{};
      };
}

}  // namespace localcloud::s3
