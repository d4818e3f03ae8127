// The refusals of Signature Version 4. S3's codes stand alone; the JSON protocols add "Exception" to the query
// protocol's, and rename some.

#include "localcloud/wire/signature_errors.hpp"

#include "aws/dates.hpp"
#include "json/write.hpp"

namespace localcloud::wire::signature_errors {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  json::write_string(out, text);
  return out;
}

bool is_json(ErrorFamily family) {
  return family == ErrorFamily::json || family == ErrorFamily::rest_json;
}

// The awsJson protocols answer 400 where the query and REST ones answer 403.
int refused_status(ErrorFamily family) {
  return family == ErrorFamily::json ? 400 : 403;
}

// A signature that is complete and wrong.
ServiceError wrong_signature(ErrorFamily family, std::string message) {
  return {.code = is_json(family) ? "InvalidSignatureException" : "SignatureDoesNotMatch",
          .message = std::move(message),
          .http_status = refused_status(family)};
}

ServiceError access_denied(std::string message) {
  return {.code = "AccessDenied", .message = std::move(message), .http_status = 403};
}

std::string minutes_away(base::Time now, std::string_view sign) {
  return " (" + aws::format_basic(now) + " " + std::string(sign) + " 15 min.)";
}

}  // namespace

ServiceError missing_authentication(ErrorFamily family) {
  switch (family) {
    case ErrorFamily::s3:
      return access_denied("Access Denied");
    case ErrorFamily::json:
      return {"MissingAuthenticationTokenException", "Request is missing Authentication Token", 400};
    case ErrorFamily::rest_json:
      return {"MissingAuthenticationTokenException", "Missing Authentication Token", 403};
    case ErrorFamily::query:
      break;
  }
  return {"MissingAuthenticationToken", "Request is missing Authentication Token", 403};
}

ServiceError incomplete(ErrorFamily family, std::string detail) {
  if (family == ErrorFamily::s3) {
    return {"AuthorizationHeaderMalformed", "The authorization header is malformed; " + detail, 400};
  }
  return {is_json(family) ? "IncompleteSignatureException" : "IncompleteSignature", std::move(detail), 400};
}

ServiceError bad_query_parameters(std::string message) {
  return {"AuthorizationQueryParametersError", std::move(message), 400};
}

ServiceError unsupported_authorization(std::string_view value) {
  return {"InvalidArgument",
          "Unsupported Authorization Type",
          400,
          {{"ArgumentName", "\"Authorization\""}, {"ArgumentValue", quoted(value)}}};
}

ServiceError unsupported_signature_version() {
  return {"InvalidRequest",
          "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.", 400};
}

ServiceError two_mechanisms(std::string_view authorization) {
  return {"InvalidArgument",
          "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter "
          "or the Authorization header should be specified",
          400,
          {{"ArgumentName", "\"Authorization\""}, {"ArgumentValue", quoted(authorization)}}};
}

ServiceError unknown_key(ErrorFamily family, std::string_view access_key_id) {
  if (family == ErrorFamily::s3) {
    return {"InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            403,
            {{"AWSAccessKeyId", quoted(access_key_id)}}};
  }
  return {is_json(family) ? "UnrecognizedClientException" : "InvalidClientTokenId",
          "The security token included in the request is invalid.", refused_status(family)};
}

ServiceError invalid_token(ErrorFamily family, std::string_view token) {
  if (family == ErrorFamily::s3) {
    return {"InvalidToken", "The provided token is malformed or otherwise invalid.", 400, {{"Token-0", quoted(token)}}};
  }
  return unknown_key(family, {});
}

ServiceError expired_token(ErrorFamily family, std::string_view token) {
  if (family == ErrorFamily::s3) {
    return {"ExpiredToken", "The provided token has expired.", 400, {{"Token-0", quoted(token)}}};
  }
  return {is_json(family) ? "ExpiredTokenException" : "ExpiredToken",
          "The security token included in the request is expired", refused_status(family)};
}

ServiceError invalid_date(ErrorFamily family, std::string_view authorization) {
  if (family == ErrorFamily::s3) {
    return access_denied("AWS authentication requires a valid Date or x-amz-date header");
  }
  return incomplete(family,
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
                    "Authorization=" +
                        std::string(authorization));
}

ServiceError clock_skewed(ErrorFamily family, base::Time signed_at, base::Time now) {
  if (family == ErrorFamily::s3) {
    return {"RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            403,
            {{"RequestTime", quoted(aws::format_basic(signed_at))},
             {"ServerTime", quoted(aws::format_rfc3339(now))},
             {"MaxAllowedSkewMilliseconds", "900000"}}};
  }
  constexpr std::chrono::minutes kSkew{15};
  if (signed_at < now) {
    return wrong_signature(family, "Signature expired: " + aws::format_basic(signed_at) + " is now earlier than " +
                                       aws::format_basic(now - kSkew) + minutes_away(now, "-"));
  }
  return wrong_signature(family, "Signature not yet current: " + aws::format_basic(signed_at) +
                                     " is still later than " + aws::format_basic(now + kSkew) + minutes_away(now, "+"));
}

ServiceError presigned_expired(ErrorFamily family, base::Time signed_at, std::int64_t expires_s, base::Time now) {
  const base::Time expires = signed_at + std::chrono::seconds{expires_s};
  if (family == ErrorFamily::s3) {
    ServiceError error = access_denied("Request has expired");
    error.members = {{"X-Amz-Expires", std::to_string(expires_s)},
                     {"Expires", quoted(aws::format_rfc3339(expires))},
                     {"ServerTime", quoted(aws::format_rfc3339(now))}};
    return error;
  }
  return wrong_signature(
      family, "Signature expired: " + aws::format_basic(expires) + " is now earlier than " + aws::format_basic(now));
}

ServiceError presigned_not_yet_valid(ErrorFamily family, base::Time signed_at, base::Time now) {
  if (family == ErrorFamily::s3) return access_denied("Request is not valid yet");
  return clock_skewed(family, signed_at, now);
}

ServiceError wrong_scope(ErrorFamily family, std::string detail) {
  return family == ErrorFamily::s3 ? incomplete(family, std::move(detail)) : wrong_signature(family, std::move(detail));
}

ServiceError host_not_signed(ErrorFamily family) {
  if (family == ErrorFamily::s3) return headers_not_signed(family, "host");
  return wrong_signature(family, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

ServiceError headers_not_signed(ErrorFamily family, std::string_view names) {
  if (family == ErrorFamily::s3) {
    ServiceError error = access_denied("There were headers present in the request which were not signed");
    error.members = {{"HeadersNotSigned", quoted(names)}};
    return error;
  }
  return wrong_signature(family,
                         "There were headers present in the request which were not signed: " + std::string(names));
}

ServiceError mismatch(ErrorFamily family, const Mismatch& it) {
  if (family == ErrorFamily::s3) {
    return {"SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing "
            "method.",
            403,
            {{"AWSAccessKeyId", quoted(it.access_key_id)},
             {"StringToSign", quoted(it.string_to_sign)},
             {"SignatureProvided", quoted(it.signature)},
             {"CanonicalRequest", quoted(it.canonical_request)}}};
  }
  std::string message =
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
      "and signing method. Consult the service documentation for details.";
  if (family == ErrorFamily::rest_json) {
    message.append("\n\nThe Canonical String for this request should have been\n'").append(it.canonical_request);
    message.append("'\n\nThe String-to-Sign should have been\n'").append(it.string_to_sign).append("'\n");
  }
  return wrong_signature(family, std::move(message));
}

ServiceError missing_content_sha256() {
  return {"InvalidRequest", "Missing required header for this request: x-amz-content-sha256", 400};
}

ServiceError invalid_content_sha256(std::string_view value) {
  return {"InvalidArgument",
          "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
          "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
          400,
          {{"ArgumentName", "\"x-amz-content-sha256\""}, {"ArgumentValue", quoted(value)}}};
}

ServiceError content_sha256_mismatch(std::string_view promised, std::string_view computed) {
  return {"XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          400,
          {{"ClientComputedContentSHA256", quoted(promised)}, {"S3ComputedContentSHA256", quoted(computed)}}};
}

ServiceError chunk_signature_mismatch() {
  return {"SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided. Check your key and signing "
          "method.",
          403};
}

ServiceError chunk_too_small(std::uint64_t size) {
  return {"InvalidChunkSizeError",
          "Only the last chunk is allowed to have a size less than 8192 bytes",
          403,
          {{"BadChunkSize", std::to_string(size)}}};
}

ServiceError incomplete_body() {
  return {"IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header", 400};
}

ServiceError unreadable_chunk() {
  return {"IncompleteBody", "The request body terminated unexpectedly", 400};
}

ServiceError malformed_trailer() {
  return {"MalformedTrailerError",
          "The request contained trailing data that was not well-formed or did not conform to our published schema.",
          400};
}

}  // namespace localcloud::wire::signature_errors
