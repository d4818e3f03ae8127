// CRC32 and CRC32C by isa-l; CRC64-NVME, which isa-l 2.30 lacks, by folding where the processor multiplies without
// carry, else by tables, sixteen bytes a step.
// https://www.intel.com/content/dam/www/public/us/en/documents/white-papers/fast-crc-computation-generic-polynomials-pclmulqdq-paper.pdf

#include "aws/checksums.hpp"

#include <isa-l/crc.h>

#include <array>
#include <bit>
#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace aws {
namespace {

using Tables = std::array<std::array<std::uint64_t, 256>, 16>;

constexpr std::uint64_t kPolynomial = 0x9a6c9329ac4bc9b5;  // 0xad93d23594c93659 with its bits reversed

consteval Tables make_tables() {
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

// Neither inverts the start or the end.
std::uint64_t crc64_by_tables(std::uint64_t crc, std::string_view bytes) {
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
  return crc;
}

#ifdef __x86_64__
// x^n modulo the polynomial, its bits reversed as the CRC's are.
consteval std::uint64_t power_of_x(int n) {
  std::uint64_t power = std::uint64_t{1} << 63;
  for (; n > 0; --n) power = (power >> 1) ^ ((power & 1) != 0 ? kPolynomial : 0);
  return power;
}

// What 128 bits are worth that many bits further on; the product of reversed numbers is one bit short.
template <int kBits>
[[gnu::target("pclmul")]] inline __m128i moved_on(__m128i block) {
  const __m128i powers = _mm_set_epi64x(static_cast<std::int64_t>(power_of_x(kBits - 1)),
                                        static_cast<std::int64_t>(power_of_x(kBits + 63)));
  return _mm_xor_si128(_mm_clmulepi64_si128(block, powers, 0x00), _mm_clmulepi64_si128(block, powers, 0x11));
}

// At least 64 bytes: four blocks side by side are moved on over the next four, until what is left is 16 bytes that
// have the same CRC, and a rest.
[[gnu::target("pclmul")]] std::uint64_t crc64_by_folding(std::uint64_t crc, std::string_view bytes) {
  const auto block_at = [&](std::size_t at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
  };
  __m128i a = _mm_xor_si128(block_at(0), _mm_cvtsi64_si128(static_cast<std::int64_t>(crc)));
  __m128i b = block_at(16), c = block_at(32), d = block_at(48);
  for (bytes.remove_prefix(64); bytes.size() >= 64; bytes.remove_prefix(64)) {
    a = _mm_xor_si128(moved_on<512>(a), block_at(0));
    b = _mm_xor_si128(moved_on<512>(b), block_at(16));
    c = _mm_xor_si128(moved_on<512>(c), block_at(32));
    d = _mm_xor_si128(moved_on<512>(d), block_at(48));
  }
  b = _mm_xor_si128(b, moved_on<128>(a));
  c = _mm_xor_si128(c, moved_on<128>(b));
  d = _mm_xor_si128(d, moved_on<128>(c));
  char last[16];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(last), d);
  return crc64_by_tables(crc64_by_tables(0, {last, sizeof last}), bytes);
}

bool can_fold() {
  static const bool can = __builtin_cpu_supports("pclmul");
  return can;
}
#endif

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
#ifdef __x86_64__
  if (bytes.size() >= 64 && can_fold()) return ~crc64_by_folding(~before, bytes);
#endif
  return ~crc64_by_tables(~before, bytes);
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
