#include "localcloud/services/s3/refusals.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

// S3's sub-resources, as its API reference names them. One that is here is in a route.
constexpr std::array<std::string_view, 43> kSubresources = {"abac",
                                                            "accelerate",
                                                            "acl",
                                                            "analytics",
                                                            "append",
                                                            "attributes",
                                                            "cors",
                                                            "delete",
                                                            "encryption",
                                                            "intelligent-tiering",
                                                            "inventory",
                                                            "legal-hold",
                                                            "lifecycle",
                                                            "location",
                                                            "logging",
                                                            "metadataConfiguration",
                                                            "metadataTable",
                                                            "metrics",
                                                            "notification",
                                                            "object-lock",
                                                            "ownershipControls",
                                                            "partNumber",
                                                            "policy",
                                                            "policyStatus",
                                                            "publicAccessBlock",
                                                            "renameObject",
                                                            "replication",
                                                            "requestPayment",
                                                            "restore",
                                                            "retention",
                                                            "select",
                                                            "select-type",
                                                            "session",
                                                            "tagging",
                                                            "torrent",
                                                            "uploadId",
                                                            "uploads",
                                                            "versionId",
                                                            "versioning",
                                                            "versions",
                                                            "website",
                                                            "x-amz-copy-source",
                                                            "metadataInventoryTable"};

// Headers whose meaning would be lost.
constexpr std::array<std::string_view, 12> kHeaders = {"x-amz-copy-source",
                                                       "x-amz-grant-full-control",
                                                       "x-amz-grant-read",
                                                       "x-amz-grant-read-acp",
                                                       "x-amz-grant-write",
                                                       "x-amz-grant-write-acp",
                                                       "x-amz-write-offset-bytes",
                                                       "x-amz-website-redirect-location",
                                                       "x-amz-mfa",
                                                       "x-amz-bypass-governance-retention",
                                                       "x-amz-bucket-namespace",
                                                       "x-amz-if-match-size"};
constexpr std::array<std::string_view, 6> kHeaderPrefixes = {"x-amz-object-lock-",
                                                             "x-amz-bucket-object-lock-",
                                                             "x-amz-server-side-encryption-customer-",
                                                             "x-amz-server-side-encryption-aws-kms-",
                                                             "x-amz-server-side-encryption-context",
                                                             "x-amz-if-match-last-modified"};
constexpr std::array<std::string_view, 5> kOtherChecksums = {"sha512", "md5", "xxhash64", "xxhash3", "xxhash128"};

// Operations whose document must come with a digest of its own, besides the signature.
constexpr std::array<std::string_view, 3> kDigested = {"DeleteObjects", "PutBucketLifecycleConfiguration",
                                                       "PutBucketTagging"};

// What an operation reads of these besides its route's own.
bool reads(const wire::Operation* found, std::string_view parameter) {
  if (!found) return false;
  if (parameter == found->route.query.substr(0, found->route.query.find('='))) return true;
  const bool object = found->route.path.ends_with("{Key+}");
  if (parameter == "versionId") return object && found->name != "PutObject";
  if (parameter == "partNumber") return found->name == "GetObject" || found->name == "HeadObject";
  return false;
}

std::optional<ServiceError> refuse_parameter(const wire::http::Request& request, const wire::Operation* found,
                                             std::string_view name, std::string_view value) {
  if (reads(found, name)) return std::nullopt;
  const bool known = std::ranges::find(kSubresources, name) != kSubresources.end();
  // Unlike AWS: a bare name that nobody knows is refused, for it looks like a sub-resource, perhaps one of next year's.
  const bool bare = value.empty() && request.query.find(std::string(name) + "=") == std::string::npos;
  if (!known && !bare) return std::nullopt;
  return not_implemented(name, request.method + " with ?" + std::string(name));
}

std::optional<ServiceError> refuse_header(const std::string& given, std::string_view value) {
  const std::string name = base::lower(given);
  if (!name.starts_with("x-amz-")) return std::nullopt;
  constexpr std::string_view kChecksum = "x-amz-checksum-";
  const auto begins = [&](std::string_view prefix) { return name.starts_with(prefix); };
  const bool other_checksum =
      begins(kChecksum) &&
      std::ranges::find(kOtherChecksums, std::string_view(name).substr(kChecksum.size())) != kOtherChecksums.end();
  const bool bucket_key = name == "x-amz-server-side-encryption-bucket-key-enabled" && value != "false";
  if (other_checksum || bucket_key || std::ranges::find(kHeaders, name) != kHeaders.end() ||
      std::ranges::any_of(kHeaderPrefixes, begins)) {
    return not_implemented(name, "The header " + name);
  }
  return std::nullopt;
}

bool has_digest(const wire::http::Request& request) {
  return std::ranges::any_of(request.headers, [](const auto& header) {
    const std::string name = base::lower(header.first);
    return name == "content-md5" || name == "x-amz-trailer" || name.starts_with("x-amz-checksum-");
  });
}

}  // namespace

std::optional<ServiceError> refuse(const wire::http::Request& request, const wire::Operation* found) {
  const auto query = wire::http::parse_query(request.query);
  if (!query) return std::nullopt;  // the router has refused it already
  for (const auto& [name, value] : *query) {
    if (auto refused = refuse_parameter(request, found, name, value)) return refused;
  }
  for (const auto& [name, value] : request.headers) {
    if (auto refused = refuse_header(name, value)) return refused;
  }
  if (!found) return method_not_allowed(request.method, request.path == "/" ? "SERVICE" : "OBJECT");
  if (std::ranges::find(kDigested, found->name) != kDigested.end() && !has_digest(request)) {
    return invalid_request("Missing required header for this request: Content-MD5");
  }
  return std::nullopt;
}

}  // namespace localcloud::s3
