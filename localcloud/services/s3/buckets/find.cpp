#include "localcloud/services/s3/buckets/find.hpp"

#include "aws/crypto.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {

namespace {

Result<Done> check_owner(const BucketRecord* bucket, const wire::Caller& caller, const BucketInput& input) {
  if (!bucket) return failure(no_such_bucket(input.bucket));
  // Access was decided from the bucket of this name that was there when the request came in. One that another account
  // has made since is not the one that was decided about.
  if (bucket->account != caller.account && bucket->created > caller.time) return failure(no_such_bucket(input.bucket));
  if (input.expected_bucket_owner && *input.expected_bucket_owner != bucket->account) return failure(access_denied());
  return Done{};
}

}  // namespace

Result<Done> check_bucket(const BucketRecord* bucket, const wire::Caller& caller, const BucketInput& input) {
  TRY(check_owner(bucket, caller, input));
  // Unlike AWS: all regions are at one endpoint, so it is the signature, and no host, that is in the wrong region.
  if (bucket->region != caller.region) return failure(authorization_header_malformed(caller.region, bucket->region));
  return Done{};
}

Result<BucketRecord> find_bucket(const storage::Reader& reader, const wire::Caller& caller, const BucketInput& input) {
  std::optional<BucketRecord> bucket = read_bucket(reader, input.bucket);
  TRY(check_bucket(bucket ? &*bucket : nullptr, caller, input));
  return *std::move(bucket);
}

Result<BucketRecord> find_bucket_anywhere(const storage::Reader& reader, const wire::Caller& caller,
                                          const BucketInput& input) {
  std::optional<BucketRecord> bucket = read_bucket(reader, input.bucket);
  TRY(check_owner(bucket ? &*bucket : nullptr, caller, input));
  return *std::move(bucket);
}

std::string canonical_id(std::string_view account) {
  return aws::sha256_hex("s3 owner " + std::string(account));
}

}  // namespace localcloud::s3
