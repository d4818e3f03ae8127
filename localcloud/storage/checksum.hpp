#pragma once
// CRC-32C, as the bodies' files and RocksDB's log use it.

#include <isa-l/crc.h>

#include <cstdint>
#include <string_view>

namespace localcloud::storage {

// Of `before`'s bytes and these. At most 2 GiB at a time: isa-l counts in an int.
inline std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0) {
  auto* const data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~before);
}

}  // namespace localcloud::storage
