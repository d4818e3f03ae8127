#pragma once
// The bucket that a request means.

#include "localcloud/services/s3/api.hpp"
#include "localcloud/services/s3/records.hpp"
#include "localcloud/wire/caller.hpp"

namespace localcloud::s3 {

// NoSuchBucket, or an error where the caller expects another owner or signed for another region.
Result<Done> check_bucket(const BucketRecord* bucket, const wire::Caller& caller, const BucketInput& input);
Result<BucketRecord> find_bucket(const storage::Reader& reader, const wire::Caller& caller, const BucketInput& input);
// The same from any region, as GetBucketLocation has it.
Result<BucketRecord> find_bucket_anywhere(const storage::Reader& reader, const wire::Caller& caller,
                                          const BucketInput& input);

// An account as S3 names owners: 64 hex digits.
std::string canonical_id(std::string_view account);

}  // namespace localcloud::s3
