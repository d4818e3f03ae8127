#pragma once
// Signature Version 4: what both ends of a signed call share, and the signing end. The verifying end is
// localcloud/wire/verify.hpp.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
//
// Everything here is thread-safe. Texts of a request are hostile: the functions take any bytes.

#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace aws {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty for keys that last
};

using Header = std::pair<std::string, std::string>;
using Headers = std::vector<Header>;

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view kEmptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// S3 signs the path as its object key is: decoded, then encoded once, dots and slashes untouched. Every other service
// signs the path that was sent, with . and .. and empty segments resolved, encoded once more.
enum class PathRule : std::uint8_t { normalized, s3 };
PathRule path_rule_of(std::string_view service);

// A request as it goes over the wire. Views; they must outlive the call they are given to.
struct RequestToSign {
  std::string_view method;
  std::string_view path;   // as on the request line, before '?'
  std::string_view query;  // as on the request line, after '?'
  std::span<const Header> headers;
  std::string_view payload_hash;  // lower-case hex SHA-256, or UNSIGNED-PAYLOAD and its like
};

struct Scope {
  std::string date;  // 20260101
  std::string region;
  std::string service;

  std::string text() const;  // 20260101/us-east-1/s3/aws4_request
};

// The steps of a signature.
std::string canonical_path(std::string_view path, PathRule rule);
// Sorted and encoded, without X-Amz-Signature, which can't sign itself.
std::string canonical_query(std::string_view query);
// `signed_headers` are lower-case names in the order in which they are signed; one that is missing counts as empty.
std::string canonical_request(const RequestToSign& request, std::span<const std::string_view> signed_headers,
                              PathRule rule);
std::string string_to_sign(std::string_view amz_date, const Scope& scope, std::string_view canonical_request);
std::string signing_key(std::string_view secret_access_key, const Scope& scope);       // 32 bytes
std::string signature(std::string_view signing_key, std::string_view string_to_sign);  // lower-case hex

// Percent-encodes everything but A-Z a-z 0-9 - _ . ~, as AWS does (no '+' for a space).
std::string uri_encode(std::string_view text);
std::string uri_encode_path(std::string_view text);  // leaves '/' too
// Undoes percent-encoding; a '%' that isn't followed by two hex digits stays. uri_decode_query reads '+' as a space.
std::string uri_decode(std::string_view text);
std::string uri_decode_query(std::string_view text);

// Remembers derived keys, which change once a day. A secret that differs from the remembered one is derived anew.
class SigningKeys {
 public:
  std::string get(std::string_view access_key_id, std::string_view secret_access_key, const Scope& scope);
  void forget(std::string_view access_key_id);

 private:
  struct Entry {
    std::string access_key_id;
    std::string secret_access_key;
    std::string key;
  };
  static constexpr std::size_t kEntriesMax = 4096;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;  // by access key id and scope
};

struct SigningOptions {
  enum class Token : std::uint8_t { signed_with_request, added_afterwards };
  enum class PayloadHeader : std::uint8_t { absent, present };

  PathRule path_rule = PathRule::normalized;
  Token token = Token::signed_with_request;
  PayloadHeader payload_header = PayloadHeader::absent;  // x-amz-content-sha256, which S3 wants
};
SigningOptions signing_options_for(std::string_view service);

// Where and when a request is signed for.
struct SigningContext {
  std::string region;
  std::string service;
  base::Time time;
  SigningOptions options = {};
};

// The headers to add to a request whose headers (host must be among them) are all signed, except those that proxies
// change: X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256, Authorization.
Headers sign(const RequestToSign& request, const Credentials& credentials, const SigningContext& context,
             SigningKeys& keys);

// The query to send instead of `request.query`: that, and a signature which is good for `expires_s` seconds.
std::string presign(const RequestToSign& request, const Credentials& credentials, const SigningContext& context,
                    std::int64_t expires_s, SigningKeys& keys);

// The signatures of the chunks of an aws-chunked body: each signs the one before it, the first the request's own.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
class ChunkSigner {
 public:
  ChunkSigner(std::string signing_key, std::string amz_date, const Scope& scope, std::string request_signature);

  // The signature of the next chunk, whose bytes have this hex SHA-256; the last chunk is empty.
  const std::string& chunk(std::string_view chunk_sha256);
  // That of the trailer, from the SHA-256 of its lines, each "name:value\n".
  const std::string& trailer(std::string_view trailer_sha256);

 private:
  const std::string& sign(std::string text);

  std::string signing_key_;
  std::string date_and_scope_;  // "<date>\n<scope>\n"
  std::string previous_;
};

}  // namespace aws
