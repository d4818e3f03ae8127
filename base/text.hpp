#pragma once
// Bytes as text: base64, hex, UTF-8, and numbers in decimal. Pure.

#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

std::string to_hex(std::string_view bytes);  // lower case
std::optional<std::string> from_hex(std::string_view text);

std::string to_base64(std::string_view bytes);  // standard alphabet, padded (RFC 4648 §4)
// Nothing where the text isn't padded standard base64.
std::optional<std::string> from_base64(std::string_view text);

// The offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong forms), if any.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);
void append_utf8(std::string& out, std::uint32_t code_point);
std::size_t count_code_points(std::string_view utf8);

// The whole of `text` as a decimal number, or nothing.
template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::string lower(std::string_view ascii);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII
std::string_view trim(std::string_view text);                      // spaces and tabs

}  // namespace base
