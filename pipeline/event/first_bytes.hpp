#pragma once
// Text that may not be longer than so much. Pure.

#include <string_view>

namespace pipeline::event {

// The first bytes_max bytes of UTF-8, less what would be a part of a character.
inline std::string_view first_bytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  constexpr unsigned char kContinuationMask = 0xc0;
  constexpr unsigned char kContinuation = 0x80;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & kContinuationMask) == kContinuation)
    --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace pipeline::event
