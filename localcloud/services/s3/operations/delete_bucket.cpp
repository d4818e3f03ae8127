// DeleteBucket removes an empty bucket, with its configurations; its name is free again.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<DeleteBucket> delete_bucket(S3&, const wire::Caller& caller, DeleteBucket::Input input) {
  return [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<DeleteBucket::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    if (has_objects(transaction, bucket.name)) return failure(bucket_not_empty(bucket.name));
    erase_bucket(transaction, bucket);
    return DeleteBucket::Output{};
  };
}

}  // namespace localcloud::s3
