// CRC32 and CRC32C by isa-l; CRC64-NVME, which isa-l 2.30 lacks, by tables: sixteen bytes a step.

#include "aws/checksums.hpp"

#include <isa-l/crc.h>

#include <array>
#include <bit>
#include <cstring>

namespace aws {
namespace {

using Tables = std::array<std::array<std::uint64_t, 256>, 16>;

consteval Tables make_tables() {
  constexpr std::uint64_t kPolynomial = 0x9a6c9329ac4bc9b5;  // 0xad93d23594c93659 with its bits reversed
  Tables tables{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ kPolynomial : crc >> 1;
    tables[0][byte] = crc;
  }
  for (std::size_t n = 1; n < tables.size(); ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      tables[n][byte] = (tables[n - 1][byte] >> 8) ^ tables[0][tables[n - 1][byte] & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();
static_assert(std::endian::native == std::endian::little, "the steps below read words as little-endian");

unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));  // isa-l reads only
}

}  // namespace

std::uint32_t crc32(std::uint32_t before, std::string_view bytes) {
  return crc32_gzip_refl(before, bytes_of(bytes), bytes.size());
}

std::uint32_t crc32c(std::uint32_t before, std::string_view bytes) {
  // isa-l's length is an int, and it inverts neither the start nor the end.
  constexpr std::size_t kStep = 1U << 30U;
  std::uint32_t crc = ~before;
  for (; bytes.size() > kStep; bytes.remove_prefix(kStep)) crc = crc32_iscsi(bytes_of(bytes), kStep, crc);
  return ~crc32_iscsi(bytes_of(bytes), static_cast<int>(bytes.size()), crc);
}

std::uint64_t crc64nvme(std::uint64_t before, std::string_view bytes) {
  std::uint64_t crc = ~before;
  for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, bytes.data(), 8);
    std::memcpy(&high, bytes.data() + 8, 8);
    low ^= crc;
    crc = 0;
    for (unsigned n = 0; n < 8; ++n) {
      crc ^= kTables[15 - n][(low >> (8 * n)) & 0xff] ^ kTables[7 - n][(high >> (8 * n)) & 0xff];
    }
  }
  for (const char byte : bytes) crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

std::string big_endian(std::uint32_t crc) {
  crc = __builtin_bswap32(crc);
  return {reinterpret_cast<const char*>(&crc), sizeof crc};
}

std::string big_endian(std::uint64_t crc) {
  crc = __builtin_bswap64(crc);
  return {reinterpret_cast<const char*>(&crc), sizeof crc};
}

}  // namespace aws
