#include "localcloud/storage/checksum.hpp"

#include <isa-l/crc.h>

namespace localcloud::storage {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  auto* const data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~before);
}

}  // namespace localcloud::storage
