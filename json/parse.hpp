#pragma once
// JSON text (RFC 8259) to a Value. Strict: UTF-8 only, no trailing text, no comments, no lone surrogates.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace json {

struct ParseError {
  std::string message;  // what was wrong, e.g. "expected ':' after a member's name"
  std::size_t offset;   // of the byte where it was noticed

  std::string describe() const;  // "expected … at byte 12"
};

struct ParseLimits {
  std::size_t depth_max = 256;  // of arrays and objects within each other
};

std::expected<Value, ParseError> parse(std::string_view text, ParseLimits limits = {});

}  // namespace json
