# Writes a header with the SHA-256 of each function's package, in hex.
#
#   cmake -D OUTPUT=package_hashes.hpp -D COLLECT=collect_to_s3.zip -D PARSE=parse_validate.zip -P package_hashes.cmake

file(SHA256 ${COLLECT} collect)
file(SHA256 ${PARSE} parse)
file(WRITE ${OUTPUT} "#pragma once
// The packages that were built with this program.

#include <string_view>

namespace localcloud {
inline constexpr std::string_view kCollectToS3Hash = \"${collect}\";
inline constexpr std::string_view kParseValidateHash = \"${parse}\";
}  // namespace localcloud
")
