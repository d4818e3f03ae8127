// ListBuckets lists the buckets of the caller's account, of all regions, by name.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html

#include "base/text.hpp"
#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/listing.hpp"
#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {
namespace {

constexpr std::size_t kBucketsMax = 10'000;

Result<std::size_t> parse_max_buckets(const std::optional<std::string>& text) {
  if (!text || text->empty()) return kBucketsMax;
  const auto number = base::to_number<std::int32_t>(*text);
  if (!number) {
    return failure(
        invalid_argument("Provided max-buckets not an integer or within integer range", "max-buckets", *text));
  }
  if (*number < 1 || static_cast<std::size_t>(*number) > kBucketsMax) {
    return failure(
        invalid_argument("Argument max-buckets must be an integer between 1 and 10000.", "max-buckets", *text));
  }
  return static_cast<std::size_t>(*number);
}

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
  const std::size_t count_max = TRY(parse_max_buckets(input.max_buckets));
  const std::string from = TRY(first_name(input));
  const std::string prefix = input.prefix.value_or("");
  const bool paginated = input.max_buckets || input.prefix || input.continuation_token || input.bucket_region;

  ListBuckets::Output output{.owner = {.id = canonical_id(caller.account)}, .prefix = input.prefix};
  const auto reader = room.store.snapshot();
  visit_buckets_of(*reader, caller.account, from, [&](std::string_view name) {
    if (!name.starts_with(prefix)) return storage::Step::stop;
    const auto bucket = read_bucket(*reader, name);
    if (!bucket || (input.bucket_region && bucket->region != *input.bucket_region)) return storage::Step::go_on;
    if (output.buckets.size() == count_max) {
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
