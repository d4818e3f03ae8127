#pragma once
// A bucket's configurations between their shapes on the wire and the text in which they are kept. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "localcloud/services/s3/api_lifecycle.hpp"
#include "localcloud/services/s3/buckets/lifecycle.hpp"
#include "localcloud/services/s3/objects/tags.hpp"

namespace localcloud::s3 {

// Rules as they are meant; refuses the forms that AWS's schema refuses, and what isn't here, by name.
Result<std::vector<LifecycleRule>> from_shape(const LifecycleConfiguration& shape);
std::vector<LifecycleRuleShape> to_shape(const std::vector<LifecycleRule>& rules);
std::string to_text(const std::vector<LifecycleRule>& rules);
std::vector<LifecycleRule> lifecycle_from_text(std::string_view text);

Tags from_shape(const std::vector<TagShape>& shape);
std::vector<TagShape> to_shape(const Tags& tags);
std::string to_text(const Tags& tags);
Tags tags_from_text(std::string_view text);

std::string to_text(const PublicAccessBlock& block);
PublicAccessBlock public_access_block_from_text(std::string_view text);
// What a bucket has before anybody says otherwise: everything blocked.
PublicAccessBlock default_public_access_block();

// Refuses what isn't SSE-S3.
Result<Done> check_encryption(const EncryptionConfiguration& configuration);
std::string to_text(const EncryptionConfiguration& configuration);
EncryptionConfiguration encryption_from_text(std::string_view text);
// What a bucket has before anybody says otherwise: SSE-S3.
EncryptionConfiguration default_encryption();

}  // namespace localcloud::s3
