#pragma once
// The write keys that may send, hashed: config/write_keys.json. Pure.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "pipeline/collect_to_s3/http.hpp"

namespace pipeline::collect_to_s3 {

inline constexpr std::string_view kWriteKeysKey = "config/write_keys.json";

// Who may send with a key, and how much.
struct Sender {
  std::string source;
  std::string key_hash = {};                           // SHA-256 in hex
  std::optional<base::Time> retired_at = {};           // from then on its events are held back in quarantine
  base::Time refused_at = base::Time::max();           // from then on they are refused
  std::optional<std::int64_t> events_per_second = {};  // from 1; nothing: as many as come
};

// Immutable.
class WriteKeys {
 public:
  // From {"keys": [{"sha256": "<hex>", "source": "web", "retired_at": "2026-11-22T00:00:00Z", "grace_days": 30,
  // "events_per_second": 100}]}; the last three may be missing.
  static std::expected<WriteKeys, std::string> parse(const std::string& text);

  // Whose key it is.
  const Sender* sender_of(std::string_view write_key) const;

 private:
  std::unordered_map<std::string, Sender> senders_;  // by the key's SHA-256 in hex
};

// The key that a request shows outside its body: Basic's user name, Bearer, x-write-key, ?writeKey=.
std::string write_key_of(const Request& request);

}  // namespace pipeline::collect_to_s3
