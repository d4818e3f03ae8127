#include "localcloud/services/s3/objects/digests.hpp"

#include "aws/checksums.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {

std::string_view name_of(ChecksumAlgorithm algorithm) {
  return wire_names(algorithm)[static_cast<std::size_t>(algorithm)];
}

std::optional<ChecksumAlgorithm> parse_checksum_algorithm(std::string_view name) {
  for (const ChecksumAlgorithm algorithm : kChecksumAlgorithms) {
    if (base::equal_ignoring_case(name, name_of(algorithm))) return algorithm;
  }
  return std::nullopt;
}

std::string header_of(ChecksumAlgorithm algorithm) {
  return "x-amz-checksum-" + base::lower(name_of(algorithm));
}

std::size_t digest_length(ChecksumAlgorithm algorithm) {
  constexpr std::array<std::size_t, 5> kLengths = {4, 4, 8, 20, 32};
  return kLengths[static_cast<std::size_t>(algorithm)];
}

std::optional<std::string> decode_digest(ChecksumAlgorithm algorithm, std::string_view base64) {
  auto digest = base::from_base64(base64);
  if (!digest || digest->size() != digest_length(algorithm)) return std::nullopt;
  return digest;
}

ChecksumHasher::ChecksumHasher(ChecksumAlgorithm algorithm) : algorithm_(algorithm) {
  if (algorithm == ChecksumAlgorithm::sha1) hasher_.emplace(aws::Digest::sha1);
  if (algorithm == ChecksumAlgorithm::sha256) hasher_.emplace(aws::Digest::sha256);
}

void ChecksumHasher::update(std::string_view bytes) {
  switch (algorithm_) {
    case ChecksumAlgorithm::crc32:
      crc_ = aws::crc32(static_cast<std::uint32_t>(crc_), bytes);
      return;
    case ChecksumAlgorithm::crc32c:
      crc_ = aws::crc32c(static_cast<std::uint32_t>(crc_), bytes);
      return;
    case ChecksumAlgorithm::crc64nvme:
      crc_ = aws::crc64nvme(crc_, bytes);
      return;
    case ChecksumAlgorithm::sha1:
    case ChecksumAlgorithm::sha256:
      hasher_->update(bytes);
      return;
  }
}

Checksum ChecksumHasher::finish() {
  if (hasher_) return {algorithm_, hasher_->finish()};
  if (algorithm_ == ChecksumAlgorithm::crc64nvme) return {algorithm_, aws::big_endian(crc_)};
  return {algorithm_, aws::big_endian(static_cast<std::uint32_t>(crc_))};
}

Result<std::string> decode_content_md5(std::string_view base64) {
  auto digest = base::from_base64(base64);
  if (!digest || digest->size() != 16) return failure(invalid_digest(base64));
  return *std::move(digest);
}

Result<Done> compare_md5(std::string_view claimed, std::string_view computed) {
  if (claimed != computed) return failure(bad_digest(base::to_base64(claimed), base::to_base64(computed)));
  return Done{};
}

Result<Done> compare_checksum(const Checksum& claimed, const Checksum& computed) {
  CHECK(claimed.algorithm == computed.algorithm);
  if (claimed.digest != computed.digest) return failure(bad_checksum(name_of(claimed.algorithm)));
  return Done{};
}

}  // namespace localcloud::s3
