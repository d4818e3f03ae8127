#pragma once
// Lifecycle rules as they lie in the store.

#include <optional>
#include <string>
#include <string_view>

#include "localcloud/services/s3/service.hpp"

namespace localcloud::s3 {

// The object's x-amz-expiration header, where a rule of its bucket lets it expire.
std::optional<std::string> expiration_of(S3& room, std::string_view bucket, std::string_view key,
                                         const ObjectRecord& record);

}  // namespace localcloud::s3
