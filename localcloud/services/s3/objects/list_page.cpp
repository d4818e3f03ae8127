#include "localcloud/services/s3/objects/list_page.hpp"

#include "base/text.hpp"
#include "localcloud/services/s3/buckets/find.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/listing.hpp"

namespace localcloud::s3 {
namespace {

Result<std::int32_t> parse_max_keys(const std::optional<std::string>& text) {
  if (!text || text->empty()) return static_cast<std::int32_t>(kPageKeysMax);
  const auto number = base::to_number<std::int64_t>(*text);
  if (!number || *number > INT32_MAX || *number < INT32_MIN) {
    return failure(invalid_argument("Provided max-keys not an integer or within integer range", "max-keys", *text));
  }
  if (*number < 0) {
    return failure(invalid_argument("Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", *text));
  }
  return static_cast<std::int32_t>(std::min(*number, static_cast<std::int64_t>(kPageKeysMax)));
}

ListedObject listed(std::string key, const ObjectRecord& record) {
  ListedObject object{.key = std::move(key),
                      .last_modified = {record.last_modified},
                      .etag = record.etag(),
                      .size = static_cast<std::int64_t>(record.size),
                      .storage_class = record.storage_class};
  if (record.checksum) {
    object.checksum_algorithm.emplace_back(name_of(record.checksum->algorithm));
    object.checksum_type = "FULL_OBJECT";
  }
  return object;
}

}  // namespace

std::string encoded_for(const ListInput& input, std::string_view text) {
  return input.encoding_type ? encode_key(text) : std::string(text);
}

Result<ListPage> list_page(S3& room, const wire::Caller& caller, const ListInput& input, std::string after,
                           Owners owners) {
  if (input.encoding_type && *input.encoding_type != "url") {
    return failure(
        invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", *input.encoding_type));
  }
  const std::int32_t max_keys = TRY(parse_max_keys(input.max_keys));
  const auto reader = room.store.snapshot();
  const BucketRecord bucket = TRY(find_bucket(*reader, caller, input));

  Listing listing({.prefix = input.prefix.value_or(""),
                   .delimiter = input.delimiter.value_or(""),
                   .after = std::move(after),
                   .keys_max = static_cast<std::size_t>(max_keys)});
  ListPage page;
  std::optional<Owner> owner;
  if (owners == Owners::named) owner = Owner{.id = canonical_id(bucket.account)};
  std::optional<std::string> from = listing.first_key();
  while (from) {
    std::optional<std::string> next;
    visit_objects(*reader, bucket.name, *from, [&](std::string_view key, std::string_view encoded) {
      const Listing::Verdict verdict = listing.offer(key);
      if (verdict == Listing::Verdict::take) {
        page.output.contents.push_back(listed(encoded_for(input, key), decode_object(encoded)));
        page.output.contents.back().owner = owner;
        return storage::Step::go_on;
      }
      // A common prefix may stand for millions of keys: the scan begins anew behind them.
      if (verdict == Listing::Verdict::skip) next = listing.skip_to();
      return storage::Step::stop;
    });
    from = std::move(next);
  }
  for (const std::string& prefix : listing.common_prefixes()) {
    page.output.common_prefixes.push_back({encoded_for(input, prefix)});
  }
  page.output.name = bucket.name;
  page.output.prefix = encoded_for(input, input.prefix.value_or(""));
  if (input.delimiter && !input.delimiter->empty()) page.output.delimiter = encoded_for(input, *input.delimiter);
  page.output.encoding_type = input.encoding_type;
  page.output.max_keys = max_keys;
  page.output.is_truncated = listing.is_truncated();
  page.last = listing.last();
  return page;
}

}  // namespace localcloud::s3
