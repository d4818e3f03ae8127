// PutBucketPolicy replaces a bucket's policy, which IAM then evaluates on every request to the bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/buckets/policy.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

namespace {

// S3's own words for what IAM says of a policy.
std::string_view in_words_of_s3(std::string_view problem) {
  return problem.starts_with(kInvalidPrincipal) ? kInvalidPrincipal : kInvalidSyntax;
}

}  // namespace

Change<PutBucketPolicy> put_bucket_policy(S3& room, const wire::Caller& caller, PutBucketPolicy::Input input) {
  TRY(check_bucket_policy(input.policy, input.bucket));
  // A policy that IAM can't evaluate would deny everybody everything.
  auto kept = room.policies.keep(input.policy);
  if (!kept) return failure(malformed_policy(in_words_of_s3(kept.error())));
  const bool is_public = is_public_policy(input.policy);

  return [caller, input = std::move(input), kept = std::move(*kept),
          is_public](storage::Transaction& transaction) -> Result<PutBucketPolicy::Output> {
    const BucketRecord bucket = TRY(find_bucket(transaction, caller, input));
    const auto block = read_setting(transaction, bucket.name, BucketSetting::public_access_block);
    if (is_public && block && public_access_block_from_text(*block).block_public_policy.value_or(false)) {
      return failure(public_policy_blocked(caller.principal.arn, bucket.name));
    }
    write_setting(transaction, bucket.name, BucketSetting::policy, kept);
    return PutBucketPolicy::Output{};
  };
}

}  // namespace localcloud::s3
