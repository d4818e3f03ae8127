#pragma once
// The Range header of GetObject and HeadObject. Pure.
// https://www.rfc-editor.org/rfc/rfc9110#field.range

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::s3 {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};

// The part of a body of `size` bytes that the header asks for. Nothing where the whole is meant: S3 ignores a header
// that isn't well-formed, that is in another unit, or that asks for several ranges. InvalidRange where it asks for
// bytes that aren't there.
Result<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size);

// "bytes 0-99/1234"
std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace localcloud::s3
