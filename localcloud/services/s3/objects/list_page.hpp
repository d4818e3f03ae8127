#pragma once
// One page of a bucket's listing, as both versions of ListObjects answer it.

#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

enum class Owners { left_out, named };

struct ListPage {
  ListOutput output;  // encoded as the request asks
  std::string last;   // the last key or common prefix, as it is: what the next page begins after
};

// `after`: only what sorts after this.
Result<ListPage> list_page(S3& room, const wire::Caller& caller, const ListInput& input, std::string after,
                           Owners owners);

// The text as the request's encoding-type wants it.
std::string encoded_for(const ListInput& input, std::string_view text);

}  // namespace localcloud::s3
