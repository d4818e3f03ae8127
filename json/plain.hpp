#pragma once
// The bytes of a JSON string that stand for themselves, found eight at a time. Used by json/ only.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace json {

struct Plain {
  std::size_t length = 0;  // of the bytes before the first quote, backslash or control character
  bool is_ascii = true;    // all of these
};

inline Plain find_plain(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  std::size_t length = 0;
  std::uint64_t seen = 0;
  for (; length + 8 <= text.size(); length += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + length, 8);
    // Sets the high bit of the first byte that ends the run; those of bytes after it may be wrong.
    const std::uint64_t quote = word ^ kOnes * '"';
    const std::uint64_t backslash = word ^ kOnes * '\\';
    const std::uint64_t ends =
        kHighs & (((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash) | ((word - kOnes * 0x20) & ~word));
    if (ends != 0) {
      const int bits = std::countr_zero(ends) - 7;
      seen |= word & ((std::uint64_t{1} << bits) - 1);
      return {length + static_cast<std::size_t>(bits) / 8, (seen & kHighs) == 0};
    }
    seen |= word;
  }
  for (; length < text.size(); ++length) {
    const auto c = static_cast<unsigned char>(text[length]);
    if (c == '"' || c == '\\' || c < 0x20) break;
    seen |= c;
  }
  return {length, (seen & kHighs) == 0};
}

}  // namespace json
