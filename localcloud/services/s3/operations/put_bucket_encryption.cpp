// PutBucketEncryption sets the encryption that objects get without asking: SSE-S3 is the only one here.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

Change<PutBucketEncryption> put_bucket_encryption(S3&, const wire::Caller& caller, PutBucketEncryption::Input input) {
  // Unlike AWS: the files are not encrypted by us; whoever wants them to be encrypts the disk.
  TRY(check_encryption(input.configuration));
  return [caller, input = std::move(input)](storage::Transaction& transaction) -> Result<PutBucketEncryption::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    write_setting(transaction, bucket.name, BucketSetting::encryption, to_text(input.configuration));
    return PutBucketEncryption::Output{};
  };
}

}  // namespace localcloud::s3
