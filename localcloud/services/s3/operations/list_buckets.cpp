// ListBuckets lists the buckets of the caller's account, of all regions, by name.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html

#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/listing.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

constexpr std::int32_t kBucketsMax = 10'000;

Result<std::string> first_name(const ListBuckets::Input& input) {
  std::string from = input.prefix.value_or("");
  if (!input.continuation_token) return from;
  const auto last = read_continuation_token(*input.continuation_token);
  if (!last) {
    return failure(invalid_argument("The continuation token provided is incorrect", "continuation-token",
                                    *input.continuation_token));
  }
  return std::max(from, *last + '\0');
}

}  // namespace

Answer<ListBuckets> list_buckets(S3& room, const wire::Caller& caller, ListBuckets::Input input) {
  const std::int32_t count_max = input.max_buckets.value_or(kBucketsMax);
  if (count_max < 1 || count_max > kBucketsMax) {
    return failure(invalid_argument("Argument max-buckets must be an integer between 1 and 10000.", "max-buckets",
                                    std::to_string(count_max)));
  }
  const std::string from = TRY(first_name(input));
  const std::string prefix = input.prefix.value_or("");
  const bool paginated = input.max_buckets || input.prefix || input.continuation_token || input.bucket_region;

  ListBuckets::Output output{.owner = {.id = canonical_id(caller.account)}, .prefix = input.prefix};
  const auto reader = room.store.snapshot();
  visit_buckets_of(*reader, caller.account, from, [&](std::string_view name) {
    if (!name.starts_with(prefix)) return storage::Step::stop;
    const auto bucket = read_bucket(*reader, name);
    if (!bucket || (input.bucket_region && bucket->region != *input.bucket_region)) return storage::Step::go_on;
    if (output.buckets.size() == static_cast<std::size_t>(count_max)) {
      output.continuation_token = make_continuation_token(output.buckets.back().name);
      return storage::Step::stop;
    }
    output.buckets.push_back({.name = bucket->name, .creation_date = {bucket->created}});
    // The region comes only with an answer in pages, as older clients know the answer without it.
    if (paginated) output.buckets.back().bucket_region = bucket->region;
    return storage::Step::go_on;
  });
  return output;
}

}  // namespace localcloud::s3
