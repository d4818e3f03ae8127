// DeletePublicAccessBlock lets a bucket take public policies again.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<DeletePublicAccessBlock> delete_public_access_block(S3&, const wire::Caller& caller,
                                                           DeletePublicAccessBlock::Input input) {
  return
      [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeletePublicAccessBlock::Output> {
        const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
        erase_setting(transaction, bucket.name, BucketSetting::public_access_block);
        return DeletePublicAccessBlock::Output{};
      };
}

}  // namespace localcloud::s3
