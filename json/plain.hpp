#pragma once
// The bytes of a JSON string that stand for themselves, found sixteen or eight at a time. Used by json/ only.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace json {

struct Plain {
  std::size_t length = 0;  // of the bytes before the first quote, backslash or control character
  bool is_ascii = true;    // all of these
};

static_assert(std::endian::native == std::endian::little);

template <class Word>
inline std::uint64_t load(const char* from) {
  Word word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Up to eight bytes, and zeros behind them.
inline std::uint64_t load_few(const char* from, std::size_t size) {
  if (size >= 4) return load<std::uint32_t>(from) | load<std::uint32_t>(from + size - 4) << (8 * (size - 4));
  if (size == 0) return 0;
  return load<std::uint8_t>(from) | load<std::uint8_t>(from + size / 2) << (8 * (size / 2)) |
         load<std::uint8_t>(from + size - 1) << (8 * (size - 1));
}

// What some bytes are, a bit of each mask for each of them (or the highest of eight); the first's is the lowest.
#ifdef __SSE2__
struct Block {
  static constexpr std::size_t kBytes = 16, kBitsPerByte = 1;
  std::uint64_t ends;   // quotes, backslashes and control characters
  std::uint64_t highs;  // beyond ASCII

  static Block of(__m128i bytes) {
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    const __m128i ends = _mm_or_si128(_mm_or_si128(quotes, backslashes), controls);
    return {static_cast<std::uint32_t>(_mm_movemask_epi8(ends)), static_cast<std::uint32_t>(_mm_movemask_epi8(bytes))};
  }
  static Block at(const char* bytes) { return of(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes))); }
  static Block of_few(const char* bytes, std::size_t size) {
    if (size < 8) return of(_mm_cvtsi64_si128(static_cast<std::int64_t>(load_few(bytes, size))));
    const std::uint64_t rest = size == 8 ? 0 : load<std::uint64_t>(bytes + size - 8) >> (8 * (16 - size));
    return of(_mm_set_epi64x(static_cast<std::int64_t>(rest), static_cast<std::int64_t>(load<std::uint64_t>(bytes))));
  }
};
#else
struct Block {
  static constexpr std::size_t kBytes = 8, kBitsPerByte = 8;
  std::uint64_t ends;  // the first of these is right, others may not be
  std::uint64_t highs;

  static Block of(std::uint64_t word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
    const std::uint64_t quote = word ^ kOnes * '"', backslash = word ^ kOnes * '\\';
    return {
        kHighs & (((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash) | ((word - kOnes * 0x20) & ~word)),
        kHighs & word};
  }
  static Block at(const char* bytes) { return of(load<std::uint64_t>(bytes)); }
  static Block of_few(const char* bytes, std::size_t size) { return of(load_few(bytes, size)); }
};
#endif

[[gnu::always_inline]] inline Plain find_plain(std::string_view text) {
  const char* const begin = text.data();
  const std::size_t size = text.size();
  std::size_t length = 0;
  std::uint64_t highs = 0;
  for (; length + Block::kBytes <= size; length += Block::kBytes) {
    const Block block = Block::at(begin + length);
    if (block.ends != 0) {
      highs |= block.highs & (block.ends ^ (block.ends - 1));
      return {length + static_cast<std::size_t>(std::countr_zero(block.ends)) / Block::kBitsPerByte, highs == 0};
    }
    highs |= block.highs;
  }
  const std::size_t left = size - length;
  if (left == 0) return {length, highs == 0};
  // Of a long text its last bytes, some of them seen already.
  const std::size_t seen = size < Block::kBytes ? 0 : (Block::kBytes - left) * Block::kBitsPerByte;
  const Block last = size < Block::kBytes ? Block::of_few(begin, size) : Block::at(begin + size - Block::kBytes);
  const std::uint64_t ends = last.ends >> seen | std::uint64_t{1} << (left * Block::kBitsPerByte);
  highs |= (last.highs >> seen) & (ends ^ (ends - 1));
  return {length + static_cast<std::size_t>(std::countr_zero(ends)) / Block::kBitsPerByte, highs == 0};
}

}  // namespace json
