#pragma once
// The write keys that may send, hashed: config/write_keys.json. Pure.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pipeline/collect_to_s3/http.hpp"

namespace pipeline::collect_to_s3 {

inline constexpr std::string_view kWriteKeysKey = "config/write_keys.json";

// Immutable.
class WriteKeys {
 public:
  // From {"keys": [{"sha256": "<hex>", "source": "web"}]}.
  static std::expected<WriteKeys, std::string> parse(const std::string& text);

  // Whose key it is.
  std::optional<std::string> source_of(std::string_view write_key) const;

 private:
  std::unordered_map<std::string, std::string> sources_;  // by the key's SHA-256 in hex
};

// The key that a request shows outside its body: Basic's user name, Bearer, x-write-key, ?writeKey=.
std::string write_key_of(const Request& request);

}  // namespace pipeline::collect_to_s3
