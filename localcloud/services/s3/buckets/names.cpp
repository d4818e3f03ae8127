// The rules are those for general purpose buckets.

#include "localcloud/services/s3/buckets/names.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool looks_like_ip_address(std::string_view name) {
  return std::ranges::count(name, '.') == 3 &&
         std::ranges::all_of(name, [](char c) { return c == '.' || is_digit(c); });
}

}  // namespace

bool is_valid_bucket_name(std::string_view name) {
  constexpr std::array<std::string_view, 3> kReservedPrefixes = {"xn--", "sthree-", "amzn-s3-demo-"};
  constexpr std::array<std::string_view, 5> kReservedSuffixes = {"-s3alias", "--ol-s3", ".mrap", "--x-s3",
                                                                 "--table-s3"};
  if (name.size() < 3 || name.size() > 63) return false;
  if (!is_letter_or_digit(name.front()) || !is_letter_or_digit(name.back())) return false;
  if (!std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; })) return false;
  if (name.find("..") != std::string_view::npos || looks_like_ip_address(name)) return false;
  return std::ranges::none_of(kReservedPrefixes, [&](auto prefix) { return name.starts_with(prefix); }) &&
         std::ranges::none_of(kReservedSuffixes, [&](auto suffix) { return name.ends_with(suffix); });
}

Result<Done> check_key(std::string_view key) {
  if (key.size() > kKeyLengthMax) return failure(key_too_long(key.size()));
  if (base::first_invalid_utf8(key)) {
    return failure(invalid_argument("Object key is not valid UTF-8.", "key", "(not UTF-8)"));
  }
  return Done{};
}

}  // namespace localcloud::s3
