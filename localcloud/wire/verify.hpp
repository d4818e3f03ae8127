#pragma once
// The verifying end of Signature Version 4: whose request this is, or why it isn't believed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
//
// S3's requests are verified from their head, so that a body is never read for a stranger; their body is then held
// against the payload that the head promised (check_payload, ChunkedDecoder). Every other service's signature covers
// the body itself.

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "localcloud/wire/caller.hpp"

namespace localcloud::wire {

// An access key, and whom it stands for.
struct Credential {
  std::string access_key_id;
  std::string secret_access_key;
  Principal principal;
  std::optional<base::Time> expires;  // of a session
};

// Where access keys are looked up. Thread-safe; a deleted key is gone at once.
class CredentialSource {
 public:
  enum class NotFound : std::uint8_t { unknown_key, invalid_token };

  virtual ~CredentialSource() = default;
  // `session_token` is empty where the request brings none.
  virtual std::expected<Credential, NotFound> find(std::string_view access_key_id, std::string_view session_token) = 0;
};

// Whose codes and words a refusal uses: each protocol has its own.
enum class ErrorFamily : std::uint8_t { s3, json, rest_json, query };

// The head of a request, as it came: nothing decoded, header names in any case.
struct RequestHead {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::span<const aws::Header> headers;
};

// What the signature says of the body.
enum class Payload : std::uint8_t {
  sha256,                      // the signature covers the body's hash
  unsigned_payload,            // nothing
  streaming_signed,            // aws-chunked, each chunk signed
  streaming_signed_trailer,    // and a signed trailer
  streaming_unsigned_trailer,  // aws-chunked, a trailer, none of it signed
};

struct Verified {
  Credential credential;
  aws::Scope scope;  // its region is the one the request is for
  Payload payload = Payload::sha256;
  std::string payload_hash;  // as signed: hex SHA-256 where `payload` is sha256
  // What chunk signatures go on from.
  std::string amz_date;
  std::string signature;
  std::string signing_key;

  aws::ChunkSigner chunk_signer() const { return {signing_key, amz_date, scope, signature}; }
};

// The scope that a request claims, before anything is believed: for routing. Nothing where it claims none.
std::optional<aws::Scope> claimed_scope(const RequestHead& head);

// Whether a body with this hex SHA-256 is the one that was signed. For S3; others' signatures cover the body.
Result<Done> check_payload(const Verified& verified, std::string_view body_sha256);

// Thread-safe.
class Verifier {
 public:
  Verifier(CredentialSource& credentials, const base::Clock& clock) : credentials_(credentials), clock_(clock) {}

  // `body_sha256`: the hex SHA-256 of the whole body; nothing for S3, where the head speaks for it. `service`: the
  // signing name that the request must be scoped to; empty: any.
  Result<Verified> verify(const RequestHead& head, ErrorFamily family, std::optional<std::string_view> body_sha256,
                          std::string_view service = {});

 private:
  CredentialSource& credentials_;
  const base::Clock& clock_;
  aws::SigningKeys keys_;
};

}  // namespace localcloud::wire
