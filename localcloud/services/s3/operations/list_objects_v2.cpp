// ListObjectsV2 lists a bucket's keys in order, a page at a time, rolled up at a delimiter.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html

#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/list_page.hpp"
#include "localcloud/services/s3/objects/listing.hpp"

namespace localcloud::s3 {

Answer<ListObjectsV2> list_objects_v2(S3& room, const wire::Caller& caller, ListObjectsV2::Input input) {
  std::string after = input.start_after.value_or("");
  if (input.continuation_token) {
    auto last = read_continuation_token(*input.continuation_token);
    if (!last) {
      return failure(invalid_argument("The continuation token provided is incorrect", "continuation-token",
                                      *input.continuation_token));
    }
    after = *std::move(last);
  }
  const Owners owners = input.fetch_owner.value_or(false) ? Owners::named : Owners::left_out;
  ListPage page = TRY(list_page(room, caller, input, std::move(after), owners));

  ListObjectsV2::Output output;
  static_cast<ListOutput&>(output) = std::move(page.output);
  output.key_count = static_cast<std::int32_t>(output.contents.size() + output.common_prefixes.size());
  output.continuation_token = input.continuation_token;
  if (output.is_truncated) output.next_continuation_token = make_continuation_token(page.last);
  if (input.start_after) output.start_after = encoded_for(input, *input.start_after);
  return output;
}

}  // namespace localcloud::s3
