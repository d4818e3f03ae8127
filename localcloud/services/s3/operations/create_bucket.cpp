// CreateBucket makes a bucket under a name that nobody has, in any account or region.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html

#include "base/text.hpp"
#include "localcloud/services/s3/buckets/names.hpp"
#include "localcloud/services/s3/buckets/settings.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

// us-east-1 must not be named, and every other region must be.
Result<Done> check_location(const std::optional<std::string>& constraint, std::string_view region) {
  if (region == "us-east-1") {
    if (!constraint || constraint->empty()) return Done{};
    if (*constraint == "us-east-1") return failure(invalid_location_constraint(*constraint));
    return failure(illegal_location_constraint(*constraint));
  }
  if (!constraint || constraint->empty()) return failure(illegal_location_constraint("unspecified"));
  const bool named = *constraint == region || (*constraint == "EU" && region == "eu-west-1");
  if (!named) return failure(illegal_location_constraint(*constraint));
  return Done{};
}

Result<Done> check_ownership(const std::optional<std::string>& ownership) {
  if (!ownership || *ownership == "BucketOwnerEnforced") return Done{};
  if (*ownership == "BucketOwnerPreferred" || *ownership == "ObjectWriter") {
    // Unlike AWS: there are no ACLs, so the bucket's owner owns every object.
    return failure(not_implemented("x-amz-object-ownership", "The object ownership " + *ownership));
  }
  return failure(invalid_argument("Invalid x-amz-object-ownership header", "x-amz-object-ownership", *ownership));
}

}  // namespace

Change<CreateBucket> create_bucket(S3& room, const wire::Caller& caller, CreateBucket::Input input) {
  if (!is_valid_bucket_name(input.bucket)) return failure(invalid_bucket_name(input.bucket));
  const CreateBucketConfiguration configuration = input.configuration.value_or(CreateBucketConfiguration{});
  TRY(check_location(configuration.location_constraint, caller.region));
  TRY(check_ownership(input.object_ownership));
  const Tags tags = from_shape(configuration.tags.value_or(std::vector<TagShape>{}));
  TRY(check_tags(tags, kBucketTagsMax));

  return [&room, account = caller.account, region = caller.region, name = std::move(input.bucket),
          tags](storage::Transaction& transaction) -> Result<CreateBucket::Output> {
    const CreateBucket::Output output{.location = "/" + name, .bucket_arn = "arn:aws:s3:::" + name};
    if (const auto there = read_bucket(transaction, name)) {
      if (there->account != account) return failure(bucket_already_exists(name));
      // For as long as there has been S3, us-east-1 has answered its owner that all is well.
      if (region == "us-east-1" && there->region == region) return output;
      return failure(bucket_already_owned_by_you(name));
    }
    write_bucket(transaction, {.name = name, .account = account, .region = region, .created = room.clock.now()});
    write_setting(transaction, name, BucketSetting::public_access_block, to_text(default_public_access_block()));
    if (!tags.empty()) write_setting(transaction, name, BucketSetting::tagging, to_text(tags));
    return output;
  };
}

}  // namespace localcloud::s3
