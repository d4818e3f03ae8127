// PutPublicAccessBlock says which public policies and ACLs a bucket refuses; a switch that is not there is off.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<PutPublicAccessBlock> put_public_access_block(S3&, const wire::Caller& caller,
                                                     PutPublicAccessBlock::Input input) {
  return [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<PutPublicAccessBlock::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    write_setting(transaction, bucket.name, BucketSetting::public_access_block, to_text(input.configuration));
    return PutPublicAccessBlock::Output{};
  };
}

}  // namespace localcloud::s3
