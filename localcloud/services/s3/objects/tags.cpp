#include "localcloud/services/s3/objects/tags.hpp"

#include <fmt/core.h>

#include <set>

#include "base/text.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

// Letters, digits, spaces and "+ - = . _ : / @"; what is beyond ASCII is taken as letters.
bool has_tag_characters(std::string_view text) {
  constexpr std::string_view kSigns = " +-=._:/@";
  return !base::first_invalid_utf8(text) && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80 || kSigns.find(c) != std::string_view::npos;
  });
}

ServiceError malformed_tagging_header(std::string_view header) {
  return invalid_argument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
      "duplicates.",
      "x-amz-tagging", header);
}

std::optional<std::string> decode_query(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] == '%') {
      const auto byte = base::from_hex(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) return std::nullopt;
      decoded += *byte;
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return base::first_invalid_utf8(decoded) ? std::nullopt : std::optional(std::move(decoded));
}

}  // namespace

Result<Done> check_tags(const Tags& tags, std::size_t count_max) {
  if (tags.size() > count_max) {
    const std::string_view whose = count_max == kObjectTagsMax ? "Object" : "Bucket";
    return failure({"BadRequest", fmt::format("{} tags cannot be greater than {}", whose, count_max), 400});
  }
  std::set<std::string_view> keys;
  for (const Tag& tag : tags) {
    if (tag.key.empty() || !has_tag_characters(tag.key) || base::count_code_points(tag.key) > 128) {
      return failure(invalid_tag("The TagKey you have provided is invalid", tag.key));
    }
    if (!has_tag_characters(tag.value) || base::count_code_points(tag.value) > 256) {
      return failure(invalid_tag("The TagValue you have provided is invalid", tag.key));
    }
    if (base::lower(tag.key.substr(0, 4)) == "aws:") {
      return failure(invalid_tag("System tags cannot be added/updated by requester", tag.key));
    }
    if (!keys.insert(tag.key).second) {
      return failure(invalid_tag("Cannot provide multiple Tags with the same key", tag.key));
    }
  }
  return Done{};
}

Result<Tags> parse_tagging_header(std::string_view header) {
  Tags tags;
  std::set<std::string> keys;
  for (std::string_view rest = header; !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = pair.find('=');
    auto key = decode_query(pair.substr(0, equals));
    auto value = decode_query(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!key || !value || key->empty() || !keys.insert(*key).second) return failure(malformed_tagging_header(header));
    tags.push_back({*std::move(key), *std::move(value)});
  }
  TRY(check_tags(tags, kObjectTagsMax));
  return tags;
}

}  // namespace localcloud::s3
