// Write keys.

#include "pipeline/collect_to_s3/write_keys.hpp"

#include "aws/crypto.hpp"
#include "aws/dates.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::int64_t kGraceDays = 30;
constexpr std::int64_t kGraceDaysMax = 3650;
constexpr std::int64_t kEventsPerSecondMax = 1'000'000;

std::expected<Sender, std::string> read_sender(const json::Value& key) {
  const auto hash = key.get_string("sha256");
  const auto source = key.get_string("source");
  if (!hash || hash->size() != 64 || !base::from_hex(*hash) || !source || source->empty())
    return std::unexpected("each of \"keys\" must have \"sha256\", 64 hex digits, and \"source\"");
  Sender sender{.source = std::string(*source), .key_hash = base::lower(*hash)};
  if (const json::Value* const retired = key.find("retired_at"); retired && !retired->is_null()) {
    sender.retired_at = retired->is_string() ? aws::parse_rfc3339(retired->as_string()) : std::nullopt;
    const std::int64_t days = key.get_int64("grace_days").value_or(kGraceDays);
    if (!sender.retired_at || days < 0 || days > kGraceDaysMax)
      return std::unexpected("a key's \"retired_at\" must be an RFC 3339 time, its \"grace_days\" 0 to 3650");
    sender.refused_at = *sender.retired_at + std::chrono::days(days);
  }
  if (const json::Value* const rate = key.find("events_per_second"); rate && !rate->is_null()) {
    sender.events_per_second = key.get_int64("events_per_second");
    if (!sender.events_per_second || *sender.events_per_second < 1 || *sender.events_per_second > kEventsPerSecondMax)
      return std::unexpected("a key's \"events_per_second\" must be an integer from 1 to 1000000");
  }
  return sender;
}

}  // namespace

std::expected<WriteKeys, std::string> WriteKeys::parse(const std::string& text) {
  const auto parsed = json::parse(text);
  if (!parsed) return std::unexpected("not JSON: " + parsed.error().describe());
  const json::Value* keys = parsed->find("keys");
  if (!keys || !keys->is_array()) return std::unexpected("the member \"keys\" must be an array");
  WriteKeys write_keys;
  for (const json::Value& key : keys->as_array()) {
    auto sender = read_sender(key);
    if (!sender) return std::unexpected(std::move(sender.error()));
    const std::string hash = sender->key_hash;
    write_keys.senders_[hash] = *std::move(sender);
  }
  return write_keys;
}

const Sender* WriteKeys::sender_of(std::string_view write_key) const {
  const auto found = senders_.find(aws::sha256_hex(write_key));
  return write_key.empty() || found == senders_.end() ? nullptr : &found->second;
}

std::string write_key_of(const Request& request) {
  const std::string_view authorization = request.header("authorization");
  const auto space = authorization.find(' ');
  if (space != std::string_view::npos) {
    const std::string_view scheme = authorization.substr(0, space);
    const std::string_view value = base::trim(authorization.substr(space + 1));
    if (base::equal_ignoring_case(scheme, "Basic")) {
      const std::string pair = base::from_base64(value).value_or("");
      if (const std::string user = pair.substr(0, pair.find(':')); !user.empty()) return user;
    } else if (base::equal_ignoring_case(scheme, "Bearer") && !value.empty()) {
      return std::string(value);
    }
  }
  // Jitsu's SDK wants a key of the form "key:secret"; the secret says nothing here.
  if (const std::string_view key = request.header("x-write-key"); !key.empty()) {
    return std::string(key.substr(0, key.find(':')));
  }
  if (auto key = request.query_parameter("writeKey")) return *std::move(key);
  return request.path == "/collect" ? request.query_parameter("appId").value_or("") : "";
}

}  // namespace pipeline::collect_to_s3
