#pragma once
// The CRCs that S3 checks bodies with. Each takes the checksum of what came before and returns that of the whole, so
// that a body can be checked as it arrives; start with 0. Pure, thread-safe.
//
// A target of its own, `checksums`: it links isa-l, which the functions that run on AWS don't need.

#include <cstdint>
#include <string>
#include <string_view>

namespace aws {

std::uint32_t crc32(std::uint32_t before, std::string_view bytes);      // ISO 3309, as in gzip and zip
std::uint32_t crc32c(std::uint32_t before, std::string_view bytes);     // Castagnoli
std::uint64_t crc64nvme(std::uint64_t before, std::string_view bytes);  // NVM Express, reflected 0xad93d23594c93659

// The bytes of a CRC as S3 encodes them: big-endian, to be written in base64.
std::string big_endian(std::uint32_t crc);
std::string big_endian(std::uint64_t crc);

}  // namespace aws
