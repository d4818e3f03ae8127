// ListObjects is the first version of the listing, which older clients still ask for.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html

#include "localcloud/services/s3/objects/list_page.hpp"

namespace localcloud::s3 {

Answer<ListObjects> list_objects(S3& room, const wire::Caller& caller, ListObjects::Input input) {
  ListPage page = TRY(list_page(room, caller, input, input.marker.value_or(""), Owners::named));

  ListObjects::Output output;
  static_cast<ListOutput&>(output) = std::move(page.output);
  output.marker = encoded_for(input, input.marker.value_or(""));
  // Without a delimiter a client goes on from the page's last key, and AWS leaves this out.
  if (output.is_truncated && output.delimiter) output.next_marker = encoded_for(input, page.last);
  return output;
}

}  // namespace localcloud::s3
