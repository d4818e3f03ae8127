// Write keys.

#include "pipeline/collect_to_s3/write_keys.hpp"

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"

namespace pipeline::collect_to_s3 {

std::expected<WriteKeys, std::string> WriteKeys::parse(const std::string& text) {
  const auto parsed = json::parse(text);
  if (!parsed) return std::unexpected("not JSON: " + parsed.error().describe());
  const json::Value* keys = parsed->find("keys");
  if (!keys || !keys->is_array()) return std::unexpected("the member \"keys\" must be an array");
  WriteKeys write_keys;
  for (const json::Value& key : keys->as_array()) {
    const auto hash = key.get_string("sha256");
    const auto source = key.get_string("source");
    if (!hash || hash->size() != 64 || !base::from_hex(*hash) || !source || source->empty()) {
      return std::unexpected("each of \"keys\" must have \"sha256\", 64 hex digits, and \"source\"");
    }
    write_keys.sources_[base::lower(*hash)] = *source;
  }
  return write_keys;
}

std::optional<std::string> WriteKeys::source_of(std::string_view write_key) const {
  const auto found = sources_.find(aws::sha256_hex(write_key));
  if (write_key.empty() || found == sources_.end()) return std::nullopt;
  return found->second;
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
