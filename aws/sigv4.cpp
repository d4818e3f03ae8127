// Signature Version 4.

#include "aws/sigv4.hpp"

#include <algorithm>
#include <array>

#include "aws/crypto.hpp"
#include "aws/dates.hpp"
#include "base/text.hpp"

namespace aws {
namespace {

constexpr std::array<bool, 256> make_unreserved() {
  std::array<bool, 256> table{};
  for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
  for (const unsigned char c : {'-', '_', '.', '~'}) table[c] = true;
  return table;
}
constexpr std::array<bool, 256> kUnreserved = make_unreserved();

void append_encoded(std::string& out, std::string_view text, char also_kept) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kUnreserved[byte] || c == also_kept) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xfU];
    }
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus : std::uint8_t { kept, is_space };

std::string decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::is_space ? ' ' : text[i];
    }
  }
  return out;
}

// RFC 3986 §5.2.4, and empty segments go too.
std::string resolve_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    start = end + 1;
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  const bool ends_in_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  if (out.empty() || ends_in_folder) out += '/';
  return out;
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Outer white space goes, inner runs of it become one space.
void append_header_value(std::string& out, std::string_view value) {
  while (!value.empty() && is_space(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
  bool in_space = false;
  for (const char c : value) {
    if (!is_space(c)) {
      out += c;
    } else if (!in_space) {
      out += ' ';
    }
    in_space = is_space(c);
  }
}

// What proxies and HTTP libraries add, change or drop after signing.
bool is_left_unsigned(std::string_view lower_name) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id", "accept-encoding"};
  return std::ranges::find(kNames, lower_name) != kNames.end();
}

// The lower-case names of the headers to sign, sorted, each once.
std::vector<std::string> names_to_sign(std::span<const Header> headers) {
  std::vector<std::string> names;
  names.reserve(headers.size());
  for (const auto& [name, value] : headers) {
    std::string lower = base::lower(name);
    if (!is_left_unsigned(lower)) names.push_back(std::move(lower));
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::string joined(std::span<const std::string_view> names) {
  std::string out;
  for (const auto name : names) {
    if (!out.empty()) out += ';';
    out += name;
  }
  return out;
}

Scope scope_of(const SigningContext& context) {
  return {.date = format_basic_date(context.time), .region = context.region, .service = context.service};
}

}  // namespace

PathRule path_rule_of(std::string_view service) {
  return service == "s3" || service == "s3express" || service == "s3-object-lambda" ? PathRule::s3
                                                                                    : PathRule::normalized;
}

std::string Scope::text() const {
  std::string out;
  out.reserve(date.size() + region.size() + service.size() + 15);
  return out.append(date).append("/").append(region).append("/").append(service).append("/aws4_request");
}

std::string uri_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  append_encoded(out, text, '-');
  return out;
}

std::string uri_encode_path(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  append_encoded(out, text, '/');
  return out;
}

std::string uri_decode(std::string_view text) {
  return decode(text, Plus::kept);
}
std::string uri_decode_query(std::string_view text) {
  return decode(text, Plus::is_space);
}

std::string canonical_path(std::string_view path, PathRule rule) {
  if (path.empty()) return "/";
  return uri_encode_path(rule == PathRule::s3 ? uri_decode(path) : resolve_segments(path));
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    std::string name = uri_encode(uri_decode_query(parameter.substr(0, equals)));
    if (name == "X-Amz-Signature") continue;
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    parameters.emplace_back(std::move(name), uri_encode(uri_decode_query(value)));
  }
  std::ranges::sort(parameters);
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string canonical_request(const RequestToSign& request, std::span<const std::string_view> signed_headers,
                              PathRule rule) {
  std::string out;
  out.reserve(512);
  out.append(request.method).append("\n");
  out.append(canonical_path(request.path, rule)).append("\n");
  out.append(canonical_query(request.query)).append("\n");
  for (const auto wanted : signed_headers) {
    out.append(wanted).append(":");
    bool first = true;
    for (const auto& [name, value] : request.headers) {
      if (!base::equal_ignoring_case(name, wanted)) continue;
      if (!first) out += ',';
      first = false;
      append_header_value(out, value);
    }
    out += '\n';
  }
  return out.append("\n").append(joined(signed_headers)).append("\n").append(request.payload_hash);
}

std::string string_to_sign(std::string_view amz_date, const Scope& scope, std::string_view canonical_request) {
  std::string out;
  out.reserve(180);
  out.append(kAlgorithm).append("\n").append(amz_date).append("\n").append(scope.text()).append("\n");
  return out.append(sha256_hex(canonical_request));
}

std::string signing_key(std::string_view secret_access_key, const Scope& scope) {
  const std::string date_key = hmac_sha256(std::string("AWS4").append(secret_access_key), scope.date);
  return hmac_sha256(hmac_sha256(hmac_sha256(date_key, scope.region), scope.service), "aws4_request");
}

std::string signature(std::string_view signing_key, std::string_view string_to_sign) {
  return base::to_hex(hmac_sha256(signing_key, string_to_sign));
}

std::string SigningKeys::get(std::string_view access_key_id, std::string_view secret_access_key, const Scope& scope) {
  std::string name = scope.text();
  name.append("/").append(access_key_id);
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    if (found != entries_.end() && found->second.secret_access_key == secret_access_key) return found->second.key;
  }
  std::string key = signing_key(secret_access_key, scope);
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kEntriesMax) entries_.clear();
  entries_.insert_or_assign(std::move(name), Entry{.access_key_id = std::string(access_key_id),
                                                   .secret_access_key = std::string(secret_access_key),
                                                   .key = key});
  return key;
}

void SigningKeys::forget(std::string_view access_key_id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.access_key_id == access_key_id; });
}

SigningOptions signing_options_for(std::string_view service) {
  SigningOptions options;
  options.path_rule = path_rule_of(service);
  if (options.path_rule == PathRule::s3) options.payload_header = SigningOptions::PayloadHeader::present;
  return options;
}

Headers sign(const RequestToSign& request, const Credentials& credentials, const SigningContext& context,
             SigningKeys& keys) {
  const Scope scope = scope_of(context);
  const std::string amz_date = format_basic(context.time);
  Headers added = {{"X-Amz-Date", amz_date}};
  if (context.options.payload_header == SigningOptions::PayloadHeader::present) {
    added.emplace_back("X-Amz-Content-Sha256", request.payload_hash);
  }
  const bool token_is_signed = context.options.token == SigningOptions::Token::signed_with_request;
  const Header token = {"X-Amz-Security-Token", credentials.session_token};
  if (!credentials.session_token.empty() && token_is_signed) added.push_back(token);

  Headers all(request.headers.begin(), request.headers.end());
  all.insert(all.end(), added.begin(), added.end());
  const std::vector<std::string> owned_names = names_to_sign(all);
  const std::vector<std::string_view> names(owned_names.begin(), owned_names.end());
  RequestToSign whole = request;
  whole.headers = all;
  const std::string text = string_to_sign(amz_date, scope, canonical_request(whole, names, context.options.path_rule));
  const std::string key = keys.get(credentials.access_key_id, credentials.secret_access_key, scope);

  if (!credentials.session_token.empty() && !token_is_signed) added.push_back(token);
  std::string authorization(kAlgorithm);
  authorization.append(" Credential=").append(credentials.access_key_id).append("/").append(scope.text());
  authorization.append(", SignedHeaders=").append(joined(names)).append(", Signature=").append(signature(key, text));
  added.emplace_back("Authorization", std::move(authorization));
  return added;
}

std::string presign(const RequestToSign& request, const Credentials& credentials, const SigningContext& context,
                    std::int64_t expires_s, SigningKeys& keys) {
  const Scope scope = scope_of(context);
  const std::string amz_date = format_basic(context.time);
  const std::vector<std::string> owned_names = names_to_sign(request.headers);
  const std::vector<std::string_view> names(owned_names.begin(), owned_names.end());

  std::string query(request.query);
  if (!query.empty()) query += '&';
  query.append("X-Amz-Algorithm=").append(kAlgorithm);
  query.append("&X-Amz-Credential=").append(uri_encode(credentials.access_key_id + "/" + scope.text()));
  query.append("&X-Amz-Date=").append(amz_date).append("&X-Amz-SignedHeaders=").append(uri_encode(joined(names)));
  query.append("&X-Amz-Expires=").append(std::to_string(expires_s));
  const std::string token = credentials.session_token.empty()
                                ? std::string()
                                : "&X-Amz-Security-Token=" + uri_encode(credentials.session_token);
  const bool token_is_signed = context.options.token == SigningOptions::Token::signed_with_request;
  if (token_is_signed) query += token;

  RequestToSign whole = request;
  whole.query = query;
  const std::string text = string_to_sign(amz_date, scope, canonical_request(whole, names, context.options.path_rule));
  const std::string key = keys.get(credentials.access_key_id, credentials.secret_access_key, scope);
  if (!token_is_signed) query += token;
  return query.append("&X-Amz-Signature=").append(signature(key, text));
}

ChunkSigner::ChunkSigner(std::string signing_key, std::string amz_date, const Scope& scope,
                         std::string request_signature)
    : signing_key_(std::move(signing_key)),
      date_and_scope_(std::move(amz_date.append("\n").append(scope.text()).append("\n"))),
      previous_(std::move(request_signature)) {}

const std::string& ChunkSigner::chunk(std::string_view chunk_sha256) {
  std::string text = "AWS4-HMAC-SHA256-PAYLOAD\n" + date_and_scope_ + previous_;
  return sign(std::move(text.append("\n").append(kEmptySha256).append("\n").append(chunk_sha256)));
}

const std::string& ChunkSigner::trailer(std::string_view trailer_sha256) {
  std::string text = "AWS4-HMAC-SHA256-TRAILER\n" + date_and_scope_ + previous_;
  return sign(std::move(text.append("\n").append(trailer_sha256)));
}

const std::string& ChunkSigner::sign(std::string text) {
  return previous_ = signature(signing_key_, text);
}

}  // namespace aws
