#include "localcloud/services/s3/objects/conditions.hpp"

#include "base/text.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

// `"abc"` and `W/"abc"` and `abc` are the same to S3.
std::string_view bare(std::string_view etag) {
  etag = base::trim(etag);
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return etag;
}

}  // namespace

bool names_etag(std::string_view header, std::string_view etag) {
  // An ETag of S3 never holds a comma, so a list splits at any.
  while (true) {
    const std::size_t comma = header.find(',');
    const std::string_view one = bare(header.substr(0, comma));
    if (one == "*" || one == bare(etag)) return true;
    if (comma == std::string_view::npos) return false;
    header.remove_prefix(comma + 1);
  }
}

Result<Done> check_read(const ReadConditions& conditions, std::string_view etag, base::Time last_modified) {
  const auto modified = std::chrono::floor<std::chrono::seconds>(last_modified);
  // An ETag says more than a date: where both kinds are sent, the ETag's decides.
  if (conditions.if_match) {
    if (!names_etag(*conditions.if_match, etag)) return failure(precondition_failed("If-Match"));
  } else if (conditions.if_unmodified_since && modified > *conditions.if_unmodified_since) {
    return failure(precondition_failed("If-Unmodified-Since"));
  }
  if (conditions.if_none_match) {
    if (names_etag(*conditions.if_none_match, etag)) return failure(not_modified());
  } else if (conditions.if_modified_since && modified <= *conditions.if_modified_since) {
    return failure(not_modified());
  }
  return Done{};
}

Result<Done> check_form(const WriteConditions& conditions) {
  if (conditions.if_none_match && base::trim(*conditions.if_none_match) != "*") {
    return failure(not_implemented("If-None-Match", "If-None-Match with an ETag on a write"));
  }
  if (conditions.if_none_match && conditions.if_match) {
    return failure(invalid_request("If-Match and If-None-Match can't be specified together."));
  }
  return Done{};
}

Result<Done> check_write(const WriteConditions& conditions, std::optional<std::string_view> etag,
                         std::string_view key) {
  if (conditions.if_none_match && etag) return failure(precondition_failed("If-None-Match"));
  if (conditions.if_match && !etag) return failure(no_such_key(key));
  if (conditions.if_match && !names_etag(*conditions.if_match, *etag)) return failure(precondition_failed("If-Match"));
  return Done{};
}

}  // namespace localcloud::s3
