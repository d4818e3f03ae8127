#pragma once
// CRC-32C, as the bodies' files and RocksDB's log use it.

#include <cstdint>
#include <string_view>

namespace localcloud::storage {

// Of `before`'s bytes and these. At most 2 GiB at a time: isa-l counts in an int.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace localcloud::storage
