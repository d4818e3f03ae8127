#include "localcloud/services/s3/objects/put_plan.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "localcloud/services/s3/buckets/names.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/receive.hpp"

namespace localcloud::s3 {
namespace {

std::optional<std::string> ChecksumHeaders::* field_of(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::crc32:
      return &ChecksumHeaders::checksum_crc32;
    case ChecksumAlgorithm::crc32c:
      return &ChecksumHeaders::checksum_crc32c;
    case ChecksumAlgorithm::crc64nvme:
      return &ChecksumHeaders::checksum_crc64nvme;
    case ChecksumAlgorithm::sha1:
      return &ChecksumHeaders::checksum_sha1;
    case ChecksumAlgorithm::sha256:
      break;
  }
  return &ChecksumHeaders::checksum_sha256;
}

Result<Done> check_length(const PutObject::Input& input) {
  const auto length = input.decoded_content_length ? input.decoded_content_length : input.content_length;
  // Unlike AWS: a body whose length nobody says beforehand is taken; it is counted as it arrives.
  if (!length || *length < 0) return Done{};
  const auto proposed = static_cast<std::uint64_t>(*length);
  if (proposed > kPutSizeMax) return failure(entity_too_large(proposed, kPutSizeMax));
  return Done{};
}

Result<std::optional<Checksum>> claimed_checksum(const ChecksumHeaders& headers) {
  std::optional<Checksum> claimed;
  for (const ChecksumAlgorithm algorithm : kChecksumAlgorithms) {
    const std::optional<std::string>& value = headers.*field_of(algorithm);
    if (!value) continue;
    if (claimed) {
      return failure(
          invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."));
    }
    auto digest = decode_digest(algorithm, *value);
    if (!digest) {
      return failure(invalid_request(fmt::format("Value for {} header is invalid.", header_of(algorithm))));
    }
    claimed = Checksum{algorithm, *std::move(digest)};
  }
  return claimed;
}

// The algorithm that an x-amz-trailer header announces, if it announces one.
std::optional<ChecksumAlgorithm> announced(std::string_view trailer) {
  constexpr std::string_view kPrefix = "x-amz-checksum-";
  const std::string name = base::lower(base::trim(trailer));
  if (!name.starts_with(kPrefix)) return std::nullopt;
  return parse_checksum_algorithm(std::string_view(name).substr(kPrefix.size()));
}

Result<Done> plan_checksum(const PutObject::Input& input, PutPlan& plan) {
  if (input.content_md5) plan.md5 = TRY(decode_content_md5(*input.content_md5));
  plan.checksum = TRY(claimed_checksum(input));
  if (input.trailer) {
    plan.trailing = announced(*input.trailer);
    if (!plan.trailing) {
      return failure(invalid_request("The value specified in the x-amz-trailer header is not supported"));
    }
    if (plan.checksum) {
      return failure(
          invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."));
    }
  }
  if (!input.checksum_algorithm) return Done{};
  const auto algorithm = parse_checksum_algorithm(*input.checksum_algorithm);
  if (!algorithm) {
    return failure(
        invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                        "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"));
  }
  if (!plan.checksum && !plan.trailing) {
    return failure(invalid_request(
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
        "headers were found."));
  }
  if (plan.algorithm() != *algorithm) {
    return failure(invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid."));
  }
  return Done{};
}

Result<std::string> storage_class(const std::optional<std::string>& asked) {
  constexpr std::array<std::string_view, 6> kHere = {"STANDARD",   "REDUCED_REDUNDANCY",  "STANDARD_IA",
                                                     "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"};
  if (!asked) return std::string("STANDARD");
  // Unlike AWS: an archive would have to be restored before it is read, and there is no RestoreObject.
  if (*asked == "GLACIER" || *asked == "DEEP_ARCHIVE") {
    return failure(not_implemented("x-amz-storage-class", "The storage class " + *asked));
  }
  if (std::ranges::find(kHere, *asked) == kHere.end()) return failure(invalid_storage_class(*asked));
  return *asked;
}

Result<Done> check_encryption_and_acl(const PutObject::Input& input) {
  if (const auto& encryption = input.server_side_encryption; encryption && *encryption != "AES256") {
    if (encryption->starts_with("aws:")) {
      return failure(not_implemented("x-amz-server-side-encryption", "Encryption with " + *encryption));
    }
    return failure(invalid_argument("The encryption method specified is not supported", "x-amz-server-side-encryption",
                                    *encryption));
  }
  // As in a bucket whose owner owns all objects, which is what AWS makes by default: ACLs that give nothing away pass.
  if (input.acl && *input.acl != "private" && *input.acl != "bucket-owner-full-control") {
    return failure(acls_not_supported());
  }
  return Done{};
}

Result<std::vector<std::pair<std::string, std::string>>> plan_metadata(
    const std::map<std::string, std::string>& metadata) {
  std::size_t size = 0;
  std::vector<std::pair<std::string, std::string>> planned;
  for (const auto& [name, value] : metadata) {
    size += name.size() + value.size();
    planned.emplace_back(name, value);
  }
  if (size > 2048) return failure(metadata_too_large(size));
  return planned;
}

// "aws-chunked" is how the body came, not how it is: it is no part of what is stored.
std::optional<std::string> without_aws_chunked(const std::optional<std::string>& encoding) {
  if (!encoding) return std::nullopt;
  std::string kept;
  for (std::string_view rest = *encoding; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view one = base::trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (one.empty() || base::equal_ignoring_case(one, "aws-chunked")) continue;
    kept += (kept.empty() ? "" : ",") + std::string(one);
  }
  return kept.empty() ? std::nullopt : std::optional(std::move(kept));
}

}  // namespace

ChecksumAlgorithm PutPlan::algorithm() const {
  if (checksum) return checksum->algorithm;
  return trailing.value_or(ChecksumAlgorithm::crc64nvme);
}

Result<PutPlan> plan_put(const PutObject::Input& input) {
  PutPlan plan;
  TRY(check_key(input.key));
  TRY(check_length(input));
  TRY(check_encryption_and_acl(input));
  TRY(plan_checksum(input, plan));
  plan.conditions = {.if_match = input.if_match, .if_none_match = input.if_none_match};
  TRY(check_form(plan.conditions));
  if (input.tagging) plan.record.tags = TRY(parse_tagging_header(*input.tagging));
  plan.record.storage_class = TRY(storage_class(input.storage_class));
  plan.record.headers = {.content_type = input.content_type.value_or("binary/octet-stream"),
                         .content_encoding = without_aws_chunked(input.content_encoding),
                         .content_disposition = input.content_disposition,
                         .content_language = input.content_language,
                         .cache_control = input.cache_control,
                         .expires = input.expires,
                         .metadata = TRY(plan_metadata(input.metadata))};
  return plan;
}

Result<Done> check_body(const PutPlan& plan, std::string_view md5, const Checksum& checksum,
                        const wire::http::Headers& trailers) {
  if (plan.md5) TRY(compare_md5(*plan.md5, md5));
  if (plan.checksum) TRY(compare_checksum(*plan.checksum, checksum));
  if (plan.trailing) {
    const auto value = wire::http::find_header(trailers, header_of(*plan.trailing));
    if (!value) return failure(malformed_trailer());
    auto digest = decode_digest(*plan.trailing, base::trim(*value));
    if (!digest) {
      return failure(
          invalid_request(fmt::format("Value for {} trailing header is invalid.", header_of(*plan.trailing))));
    }
    TRY(compare_checksum({*plan.trailing, *std::move(digest)}, checksum));
  }
  return Done{};
}

void set_checksum(ChecksumHeaders& headers, const Checksum& checksum) {
  headers.*field_of(checksum.algorithm) = base::to_base64(checksum.digest);
}

}  // namespace localcloud::s3
