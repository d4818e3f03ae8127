#include "localcloud/services/s3/objects/listing.hpp"

#include "base/text.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::s3 {

Listing::Listing(ListingQuery query) : query_(std::move(query)) {
  first_key_ = query_.prefix;
  if (query_.after < query_.prefix) return;
  const auto rolled_up = common_prefix_of(query_.after);
  std::string next = rolled_up ? storage::after_prefix(*rolled_up) : query_.after + '\0';
  if (!query_.after.empty() && next > first_key_) first_key_ = std::move(next);
}

std::optional<std::string_view> Listing::common_prefix_of(std::string_view key) const {
  if (query_.delimiter.empty() || !key.starts_with(query_.prefix)) return std::nullopt;
  const std::size_t at = key.find(query_.delimiter, query_.prefix.size());
  if (at == std::string_view::npos) return std::nullopt;
  return key.substr(0, at + query_.delimiter.size());
}

Listing::Verdict Listing::offer(std::string_view key) {
  if (!key.starts_with(query_.prefix)) return Verdict::stop;
  if (size_ == query_.keys_max) {
    // max-keys=0 asks for nothing, and there is no next page of nothing.
    truncated_ = query_.keys_max > 0;
    return Verdict::stop;
  }
  ++size_;
  if (const auto rolled_up = common_prefix_of(key)) {
    common_prefixes_.emplace_back(*rolled_up);
    last_ = *rolled_up;
    skip_to_ = storage::after_prefix(*rolled_up);
    return Verdict::skip;
  }
  last_ = key;
  return Verdict::take;
}

// A token is "1", for this form, and the name.
std::string make_continuation_token(std::string_view last) {
  return base::to_base64("1" + std::string(last));
}

std::optional<std::string> read_continuation_token(std::string_view token) {
  const auto text = base::from_base64(token);
  if (!text || !text->starts_with('1') || base::first_invalid_utf8(*text)) return std::nullopt;
  return text->substr(1);
}

std::string encode_key(std::string_view key) {
  constexpr std::string_view kPlain = "-_.*/";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(key.size());
  for (const char c : key) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
      encoded += c;
    } else if (c == ' ') {
      encoded += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace localcloud::s3
