#pragma once
// The refusals of Signature Version 4, in the words of each protocol family.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "localcloud/wire/verify.hpp"

namespace localcloud::wire::signature_errors {

ServiceError missing_authentication(ErrorFamily family);
// A signature that lacks parts or can't be read; `detail` says which.
ServiceError incomplete(ErrorFamily family, std::string detail);
// S3's form of the same for presigned queries.
ServiceError bad_query_parameters(std::string message);
ServiceError unsupported_authorization(std::string_view value);  // S3: a scheme it doesn't know
ServiceError unsupported_signature_version();                    // S3: version 2
ServiceError two_mechanisms(std::string_view authorization);     // S3: a header and a query

ServiceError unknown_key(ErrorFamily family, std::string_view access_key_id);
ServiceError invalid_token(ErrorFamily family, std::string_view token);
ServiceError expired_token(ErrorFamily family, std::string_view token);

ServiceError invalid_date(ErrorFamily family, std::string_view authorization);
ServiceError clock_skewed(ErrorFamily family, base::Time signed_at, base::Time now);
ServiceError presigned_expired(ErrorFamily family, base::Time signed_at, std::int64_t expires_s, base::Time now);
ServiceError presigned_not_yet_valid(ErrorFamily family, base::Time signed_at, base::Time now);

ServiceError wrong_scope(ErrorFamily family, std::string detail);
ServiceError host_not_signed(ErrorFamily family);
ServiceError headers_not_signed(ErrorFamily family, std::string_view names);
struct Mismatch {
  std::string_view access_key_id, signature, string_to_sign, canonical_request;
};
ServiceError mismatch(ErrorFamily family, const Mismatch& mismatch);

ServiceError missing_content_sha256();
ServiceError invalid_content_sha256(std::string_view value);
ServiceError content_sha256_mismatch(std::string_view promised, std::string_view computed);

ServiceError chunk_signature_mismatch();
ServiceError chunk_too_small(std::uint64_t size);
ServiceError incomplete_body();
ServiceError unreadable_chunk();
ServiceError malformed_trailer();

}  // namespace localcloud::wire::signature_errors
