#pragma once
// The digests of a body as it arrives: its MD5, which is its ETag, and the checksums that the client asked for.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/crypto.hpp"
#include "base/result.hpp"

namespace localcloud::s3 {

enum class ChecksumAlgorithm : std::uint8_t { crc32, crc32c, crc64nvme, sha1, sha256 };
inline constexpr std::array kChecksumAlgorithms = {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c,
                                                   ChecksumAlgorithm::crc64nvme, ChecksumAlgorithm::sha1,
                                                   ChecksumAlgorithm::sha256};
constexpr std::array<std::string_view, 5> wire_names(ChecksumAlgorithm) {
  return {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"};
}
std::string_view name_of(ChecksumAlgorithm algorithm);                             // "CRC32"
std::optional<ChecksumAlgorithm> parse_checksum_algorithm(std::string_view name);  // any case
std::string header_of(ChecksumAlgorithm algorithm);                                // "x-amz-checksum-crc32"
std::size_t digest_length(ChecksumAlgorithm algorithm);                            // in bytes

// An algorithm and the digest, raw.
struct Checksum {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::crc64nvme;
  std::string digest;
  bool operator==(const Checksum&) const = default;
};

// The digest in base64, as it stands in a header, where it is one of this algorithm.
std::optional<std::string> decode_digest(ChecksumAlgorithm algorithm, std::string_view base64);

// One checksum of a body as it arrives.
class ChecksumHasher {
 public:
  explicit ChecksumHasher(ChecksumAlgorithm algorithm);
  void update(std::string_view bytes);
  Checksum finish();

 private:
  ChecksumAlgorithm algorithm_;
  std::uint64_t crc_ = 0;
  std::optional<aws::Hasher> hasher_;
};

// Content-MD5 decoded, or InvalidDigest.
Result<std::string> decode_content_md5(std::string_view base64);
// BadDigest where the body isn't what was claimed.
Result<Done> compare_md5(std::string_view claimed, std::string_view computed);
Result<Done> compare_checksum(const Checksum& claimed, const Checksum& computed);

}  // namespace localcloud::s3
