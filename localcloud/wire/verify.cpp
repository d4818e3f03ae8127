// Verifying Signature Version 4: read the claim, find the key, check the time and the scope, sign again, compare.

#include "localcloud/wire/verify.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "aws/crypto.hpp"
#include "aws/dates.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "localcloud/wire/signature_errors.hpp"

namespace localcloud::wire {
namespace {

namespace errors = signature_errors;

constexpr std::chrono::minutes kSkewMax{15};
constexpr std::int64_t kExpiresMax_s = 604'800;
constexpr std::size_t kSignedHeadersMax = 100;
constexpr std::string_view kTerminator = "aws4_request";

// What a request says of its own signature.
struct Claim {
  std::string access_key_id;
  aws::Scope scope;
  std::vector<std::string> signed_headers;  // lower-case, in the order given
  std::string signature;
  std::string session_token;
  std::string amz_date;  // as it is signed
  base::Time time;
  std::optional<std::int64_t> expires_s;  // of a presigned query
};

std::optional<std::string_view> find_header(std::span<const aws::Header> headers, std::string_view name) {
  for (const auto& [each, value] : headers) {
    if (base::equal_ignoring_case(each, name)) return base::trim(value);
  }
  return std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The decoded value of a query parameter.
std::optional<std::string> find_parameter(std::string_view query, std::string_view name) {
  for (const auto parameter : split(query, '&')) {
    const auto equals = parameter.find('=');
    if (aws::uri_decode_query(parameter.substr(0, equals)) != name) continue;
    return equals == std::string_view::npos ? std::string() : aws::uri_decode_query(parameter.substr(equals + 1));
  }
  return std::nullopt;
}

bool is_region(std::string_view text) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, good);
}

// AKID/20260101/us-east-1/s3/aws4_request. An access key id may hold slashes: the last four parts are the scope.
struct CredentialParts {
  std::string_view access_key_id, date, region, service, terminator;
};
std::optional<CredentialParts> split_credential(std::string_view text) {
  CredentialParts parts;
  for (std::string_view* part : {&parts.terminator, &parts.service, &parts.region, &parts.date}) {
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    *part = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  parts.access_key_id = text;
  if (text.empty()) return std::nullopt;
  return parts;
}

Result<Done> take_credential(Claim& claim, std::string_view text, ErrorFamily family) {
  const bool is_s3 = family == ErrorFamily::s3;
  const auto parts = split_credential(text);
  if (!parts) {
    return failure(errors::incomplete(
        family, is_s3 ? "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
                      : "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
                        "got '" +
                            std::string(text) + "'"));
  }
  if (parts->terminator != kTerminator) {
    const std::string got(parts->terminator);
    return failure(errors::wrong_scope(
        family, is_s3 ? "incorrect terminal \"" + got + "\". This endpoint uses \"aws4_request\"."
                      : "Credential should be scoped with a valid terminator: 'aws4_request', not '" + got + "'."));
  }
  if (!is_region(parts->region)) {
    return failure(errors::wrong_scope(family, is_s3 ? "the region '" + std::string(parts->region) + "' is wrong"
                                                     : "Credential should be scoped to a valid region. "));
  }
  claim.access_key_id = parts->access_key_id;
  claim.scope = {
      .date = std::string(parts->date), .region = std::string(parts->region), .service = std::string(parts->service)};
  return Done{};
}

// The parameters of an Authorization header, after the algorithm's name.
struct AuthorizationParts {
  std::string_view credential, signed_headers, signature;
  std::string_view unreadable;  // what isn't name=value
};
AuthorizationParts split_authorization(std::string_view authorization) {
  AuthorizationParts parts;
  for (auto part : split(authorization.substr(aws::kAlgorithm.size()), ',')) {
    part = base::trim(part);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      if (!part.empty()) parts.unreadable = part;
      continue;
    }
    const auto name = part.substr(0, equals);
    if (name == "Credential") parts.credential = part.substr(equals + 1);
    if (name == "SignedHeaders") parts.signed_headers = part.substr(equals + 1);
    if (name == "Signature") parts.signature = part.substr(equals + 1);
  }
  return parts;
}

Result<Done> take_signed_headers(Claim& claim, std::string_view list, ErrorFamily family) {
  for (const auto name : split(list, ';')) {
    if (claim.signed_headers.size() == kSignedHeadersMax) {
      return failure(errors::incomplete(family, "SignedHeaders names too many headers."));
    }
    claim.signed_headers.push_back(base::lower(name));
  }
  return Done{};
}

// The scope's date must be that of the request: a derived key is good for its day only.
Result<Done> check_scope_date(const Claim& claim, ErrorFamily family) {
  const std::string date = aws::format_basic_date(claim.time);
  if (claim.scope.date == date) return Done{};
  return failure(errors::wrong_scope(
      family, family == ErrorFamily::s3
                  ? "Invalid credential date \"" + claim.scope.date +
                        "\". This date is not the same as X-Amz-Date: \"" + date + "\"."
                  : "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" +
                        claim.scope.date + "' != '" + date + "', from '" + claim.amz_date + "'."));
}

Result<Done> take_header_date(Claim& claim, const RequestHead& head, std::string_view authorization,
                              ErrorFamily family) {
  const auto amz_date = find_header(head.headers, "x-amz-date");
  const auto date = amz_date ? amz_date : find_header(head.headers, "date");
  if (!date) return failure(errors::invalid_date(family, authorization));
  auto time = aws::parse_basic(*date);
  if (!time && !amz_date) time = aws::parse_http_date(*date);
  if (!time) return failure(errors::invalid_date(family, authorization));
  claim.time = *time;
  claim.amz_date = aws::format_basic(*time);
  return Done{};
}

// Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…
Result<Claim> read_header_claim(const RequestHead& head, std::string_view authorization, ErrorFamily family) {
  const bool is_s3 = family == ErrorFamily::s3;
  if (!authorization.starts_with(aws::kAlgorithm)) {
    if (is_s3 && authorization.starts_with("AWS ")) return failure(errors::unsupported_signature_version());
    if (is_s3) return failure(errors::unsupported_authorization(authorization));
    return failure(errors::incomplete(
        family,
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
        "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=" +
            std::string(authorization)));
  }
  const AuthorizationParts parts = split_authorization(authorization);
  if (!parts.unreadable.empty()) {
    return failure(errors::incomplete(family, "'" + std::string(parts.unreadable) +
                                                  "' not a valid key=value pair (missing equal-sign) in "
                                                  "Authorization header: '" +
                                                  std::string(authorization) + "'."));
  }
  std::string missing;
  for (const auto& [name, value] : {std::pair{"Credential", parts.credential},
                                    {"Signature", parts.signature},
                                    {"SignedHeaders", parts.signed_headers}}) {
    if (value.empty()) missing.append("Authorization header requires '").append(name).append("' parameter. ");
  }
  if (!missing.empty()) {
    return failure(errors::incomplete(family, missing.append("Authorization=").append(aws::kAlgorithm)));
  }
  Claim claim;
  claim.signature = parts.signature;
  claim.session_token = find_header(head.headers, "x-amz-security-token").value_or("");
  TRY(take_credential(claim, parts.credential, family));
  TRY(take_signed_headers(claim, parts.signed_headers, family));
  TRY(take_header_date(claim, head, authorization, family));
  TRY(check_scope_date(claim, family));
  return claim;
}

Result<std::int64_t> read_expires(std::string_view text, ErrorFamily family) {
  const auto refused = [&](std::string message) {
    return failure(family == ErrorFamily::s3 ? errors::bad_query_parameters(std::move(message))
                                             : errors::incomplete(family, std::move(message)));
  };
  const auto expires_s = base::to_number<std::int64_t>(text);
  if (!expires_s) return refused("X-Amz-Expires should be a number");
  if (*expires_s < 0) return refused("X-Amz-Expires must be non-negative");
  if (*expires_s > kExpiresMax_s) return refused("X-Amz-Expires must be less than a week (in seconds) that is 604800");
  return *expires_s;
}

// ?X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…&X-Amz-SignedHeaders=…&X-Amz-Signature=…
Result<Claim> read_query_claim(const RequestHead& head, ErrorFamily family) {
  const bool is_s3 = family == ErrorFamily::s3;
  const auto refused = [&](std::string message) {
    return failure(is_s3 ? errors::bad_query_parameters(std::move(message))
                         : errors::incomplete(family, std::move(message)));
  };
  if (find_parameter(head.query, "X-Amz-Algorithm") != aws::kAlgorithm) {
    return refused(is_s3 ? "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""
                         : "Unsupported AWS 'algorithm': '" +
                               find_parameter(head.query, "X-Amz-Algorithm").value_or("") + "'. ");
  }
  static constexpr std::array<const char*, 4> kNames = {"X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders",
                                                        "X-Amz-Date"};
  std::array<std::string, kNames.size()> values;
  std::string missing;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    values[i] = find_parameter(head.query, kNames[i]).value_or("");
    if (values[i].empty()) missing.append("AWS query-string parameters must include '").append(kNames[i]).append("'. ");
  }
  // S3 wants an expiry; elsewhere a presigned request without one is good for the usual quarter of an hour.
  const auto expires = find_parameter(head.query, "X-Amz-Expires");
  if (is_s3 && (!missing.empty() || !expires)) {
    return refused(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
        "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  }
  if (!missing.empty()) return refused(missing + "Re-examine the query-string parameters.");

  Claim claim;
  claim.signature = values[1];
  claim.session_token = find_parameter(head.query, "X-Amz-Security-Token").value_or("");
  TRY(take_credential(claim, values[0], family));
  TRY(take_signed_headers(claim, values[2], family));
  const auto time = aws::parse_basic(values[3]);
  if (!time) return refused("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  claim.time = *time;
  claim.amz_date = values[3];
  claim.expires_s = expires ? TRY(read_expires(*expires, family)) : std::chrono::seconds(kSkewMax).count();
  TRY(check_scope_date(claim, family));
  return claim;
}

Result<Claim> read_claim(const RequestHead& head, ErrorFamily family) {
  const auto authorization = find_header(head.headers, "authorization");
  const bool is_presigned =
      find_parameter(head.query, "X-Amz-Algorithm") || find_parameter(head.query, "X-Amz-Signature");
  if (authorization && is_presigned && family == ErrorFamily::s3) {
    return failure(errors::two_mechanisms(*authorization));
  }
  if (authorization) return read_header_claim(head, *authorization, family);
  if (is_presigned) return read_query_claim(head, family);
  if (family == ErrorFamily::s3 && find_parameter(head.query, "AWSAccessKeyId")) {
    return failure(errors::unsupported_signature_version());
  }
  return failure(errors::missing_authentication(family));
}

Result<Done> check_service(const Claim& claim, std::string_view service, ErrorFamily family) {
  if (claim.scope.service == service) return Done{};
  const std::string wanted(service);
  return failure(errors::wrong_scope(
      family, family == ErrorFamily::s3
                  ? "incorrect service \"" + claim.scope.service + "\". This endpoint belongs to \"" + wanted + "\"."
                  : "Credential should be scoped to correct service: '" + wanted + "'. "));
}

Result<Done> check_time(const Claim& claim, base::Time now, ErrorFamily family) {
  if (!claim.expires_s) {
    const auto away = now < claim.time ? claim.time - now : now - claim.time;
    if (away > kSkewMax) return failure(errors::clock_skewed(family, claim.time, now));
    return Done{};
  }
  if (claim.time > now + kSkewMax) return failure(errors::presigned_not_yet_valid(family, claim.time, now));
  if (now > claim.time + std::chrono::seconds{*claim.expires_s}) {
    return failure(errors::presigned_expired(family, claim.time, *claim.expires_s, now));
  }
  return Done{};
}

// The host and every x-amz- header must be under the signature, else they could be changed on the way. Outside S3 the
// session token may be added afterwards: it is bound to its key anyway.
Result<Done> check_signed_headers(const Claim& claim, const RequestHead& head, ErrorFamily family) {
  const auto is_signed = [&](std::string_view name) {
    return std::ranges::find(claim.signed_headers, name) != claim.signed_headers.end();
  };
  if (!is_signed("host")) return failure(errors::host_not_signed(family));
  std::string unsigned_names;
  for (const auto& [name, value] : head.headers) {
    const std::string lower = base::lower(name);
    if (!lower.starts_with("x-amz-") || is_signed(lower)) continue;
    if (lower == "x-amz-security-token" && family != ErrorFamily::s3) continue;
    if (!unsigned_names.empty()) unsigned_names += ", ";
    unsigned_names += lower;
  }
  if (!unsigned_names.empty()) return failure(errors::headers_not_signed(family, unsigned_names));
  return Done{};
}

// A query without the session token, for signers that add it after signing.
std::string without_token(std::string_view query) {
  std::string out;
  for (const auto parameter : split(query, '&')) {
    if (parameter.starts_with("X-Amz-Security-Token=")) continue;
    if (!out.empty()) out += '&';
    out += parameter;
  }
  return out;
}

struct SignedPayload {
  Payload kind;
  std::string hash;
};

Result<SignedPayload> s3_payload(const Claim& claim, const RequestHead& head) {
  const auto header = find_header(head.headers, "x-amz-content-sha256");
  if (!header) {
    if (claim.expires_s) return SignedPayload{Payload::unsigned_payload, std::string(aws::kUnsignedPayload)};
    return failure(errors::missing_content_sha256());
  }
  const std::string hash(*header);
  if (hash == aws::kUnsignedPayload) return SignedPayload{Payload::unsigned_payload, hash};
  if (hash == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") return SignedPayload{Payload::streaming_signed, hash};
  if (hash == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") {
    return SignedPayload{Payload::streaming_signed_trailer, hash};
  }
  if (hash == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return SignedPayload{Payload::streaming_unsigned_trailer, hash};
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hash.size() != 64 || !std::ranges::all_of(hash, is_hex)) return failure(errors::invalid_content_sha256(hash));
  return SignedPayload{Payload::sha256, hash};
}

struct Comparison {
  std::string_view key;
  std::string_view payload_hash;
  aws::PathRule rule;
  ErrorFamily family;
};

// Signs the request again, and compares.
Result<Done> compare(const Claim& claim, const RequestHead& head, const Comparison& with) {
  const std::vector<std::string_view> names(claim.signed_headers.begin(), claim.signed_headers.end());
  const aws::RequestToSign request{.method = head.method,
                                   .path = head.path,
                                   .query = head.query,
                                   .headers = head.headers,
                                   .payload_hash = with.payload_hash};
  const std::string canonical = aws::canonical_request(request, names, with.rule);
  const std::string text = aws::string_to_sign(claim.amz_date, claim.scope, canonical);
  if (aws::equal_in_constant_time(aws::signature(with.key, text), claim.signature)) return Done{};
  return failure(errors::mismatch(with.family, {.access_key_id = claim.access_key_id,
                                                .signature = claim.signature,
                                                .string_to_sign = text,
                                                .canonical_request = canonical}));
}

}  // namespace

std::optional<aws::Scope> claimed_scope(const RequestHead& head) {
  std::string credential;
  if (const auto authorization = find_header(head.headers, "authorization")) {
    if (!authorization->starts_with(aws::kAlgorithm)) return std::nullopt;
    credential = split_authorization(*authorization).credential;
  } else {
    credential = find_parameter(head.query, "X-Amz-Credential").value_or("");
  }
  const auto parts = split_credential(credential);
  if (!parts) return std::nullopt;
  return aws::Scope{
      .date = std::string(parts->date), .region = std::string(parts->region), .service = std::string(parts->service)};
}

Result<Done> check_payload(const Verified& verified, std::string_view body_sha256) {
  if (verified.payload != Payload::sha256 || aws::equal_in_constant_time(verified.payload_hash, body_sha256)) {
    return Done{};
  }
  return failure(errors::content_sha256_mismatch(verified.payload_hash, body_sha256));
}

Result<Verified> Verifier::verify(const RequestHead& head, ErrorFamily family,
                                  std::optional<std::string_view> body_sha256, std::string_view service) {
  CHECK(body_sha256 || family == ErrorFamily::s3);
  const Claim claim = TRY(read_claim(head, family));
  if (!service.empty()) TRY(check_service(claim, service, family));
  TRY(check_signed_headers(claim, head, family));
  SignedPayload payload =
      body_sha256 ? SignedPayload{Payload::sha256, std::string(*body_sha256)} : TRY(s3_payload(claim, head));

  auto credential = credentials_.find(claim.access_key_id, claim.session_token);
  if (!credential) {
    if (credential.error() == CredentialSource::NotFound::invalid_token) {
      return failure(errors::invalid_token(family, claim.session_token));
    }
    keys_.forget(claim.access_key_id);
    return failure(errors::unknown_key(family, claim.access_key_id));
  }
  const base::Time now = clock_.now();
  TRY(check_time(claim, now, family));
  if (credential->expires && *credential->expires <= now) {
    return failure(errors::expired_token(family, claim.session_token));
  }

  std::string key = keys_.get(claim.access_key_id, credential->secret_access_key, claim.scope);
  // The path's rule is that of the service that answers, whatever name the scope claims.
  const auto rule = family == ErrorFamily::s3 ? aws::PathRule::s3 : aws::PathRule::normalized;
  auto matched = compare(claim, head, {.key = key, .payload_hash = payload.hash, .rule = rule, .family = family});
  if (!matched && claim.expires_s && !claim.session_token.empty() && family != ErrorFamily::s3) {
    const std::string query = without_token(head.query);
    const RequestHead stripped{.method = head.method, .path = head.path, .query = query, .headers = head.headers};
    if (compare(claim, stripped, {.key = key, .payload_hash = payload.hash, .rule = rule, .family = family})) {
      matched = Done{};
    }
  }
  TRY(matched);
  return Verified{.credential = std::move(*credential),
                  .scope = claim.scope,
                  .payload = payload.kind,
                  .payload_hash = std::move(payload.hash),
                  .amz_date = claim.amz_date,
                  .signature = claim.signature,
                  .signing_key = std::move(key)};
}

}  // namespace localcloud::wire
