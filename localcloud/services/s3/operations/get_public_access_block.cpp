// GetPublicAccessBlock says which public policies and ACLs a bucket refuses.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Answer<GetPublicAccessBlock> get_public_access_block(S3& room, const wire::Caller& caller,
                                                     GetPublicAccessBlock::Input input) {
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));
  const auto text = read_setting(*reader, bucket.name, BucketSetting::public_access_block);
  if (!text) return failure(no_such_public_access_block(bucket.name));
  return GetPublicAccessBlock::Output{.configuration = public_access_block_from_text(*text)};
}

}  // namespace localcloud::s3
