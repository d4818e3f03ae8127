#include "localcloud/services/s3/objects/range.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

// Decimal digits only; a number too large for us is beyond every body's end.
std::optional<std::uint64_t> parse_position(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return base::to_number<std::uint64_t>(text).value_or(UINT64_MAX);
}

}  // namespace

Result<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!base::equal_ignoring_case(header.substr(0, kUnit.size()), kUnit)) return std::nullopt;
  const std::string_view spec = base::trim(header.substr(kUnit.size()));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view first_text = base::trim(spec.substr(0, dash));
  const std::string_view last_text = base::trim(spec.substr(dash + 1));

  if (first_text.empty()) {
    const auto suffix = parse_position(last_text);
    if (!suffix) return std::nullopt;
    if (*suffix == 0 || size == 0) return failure(invalid_range(header, size));
    const std::uint64_t length = std::min(*suffix, size);
    return ByteRange{.first = size - length, .length = length};
  }
  const auto first = parse_position(first_text);
  const auto last = last_text.empty() ? std::optional(UINT64_MAX) : parse_position(last_text);
  if (!first || !last || *last < *first) return std::nullopt;
  if (*first >= size) return failure(invalid_range(header, size));
  return ByteRange{.first = *first, .length = std::min(*last, size - 1) - *first + 1};
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
  return fmt::format("bytes {}-{}/{}", range.first, range.first + range.length - 1, size);
}

}  // namespace localcloud::s3
