#pragma once
// What PutObject's head says of the object to come, checked. Pure.

#include "localcloud/services/s3/api.hpp"
#include "localcloud/services/s3/objects/conditions.hpp"
#include "localcloud/services/s3/objects/digests.hpp"
#include "localcloud/services/s3/records.hpp"

namespace localcloud::s3 {

struct PutPlan {
  ObjectRecord record;  // but for what only the body tells
  WriteConditions conditions;
  std::optional<std::string> md5;             // as claimed, raw
  std::optional<Checksum> checksum;           // as claimed in a header
  std::optional<ChecksumAlgorithm> trailing;  // whose claim comes after the body

  // The checksum to compute: the one that was claimed, else the one that S3 adds by itself.
  ChecksumAlgorithm algorithm() const;
};

Result<PutPlan> plan_put(const PutObject::Input& input);

// Whether the body is what was claimed.
Result<Done> check_body(const PutPlan& plan, std::string_view md5, const Checksum& checksum,
                        const wire::http::Headers& trailers);

// Puts the checksum into its header.
void set_checksum(ChecksumHeaders& headers, const Checksum& checksum);

}  // namespace localcloud::s3
