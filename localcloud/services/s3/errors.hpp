#pragma once
// Every error that S3 can answer, in AWS's words.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::s3 {

// Access
ServiceError access_denied();
ServiceError authorization_header_malformed(std::string_view signed_region, std::string_view bucket_region);
ServiceError public_policy_blocked(std::string_view principal_arn, std::string_view bucket);

// Buckets
ServiceError no_such_bucket(std::string_view bucket);
ServiceError bucket_already_exists(std::string_view bucket);
ServiceError bucket_already_owned_by_you(std::string_view bucket);
ServiceError bucket_not_empty(std::string_view bucket);
ServiceError invalid_bucket_name(std::string_view bucket);
ServiceError too_many_buckets();
ServiceError illegal_location_constraint(std::string_view constraint);  // "unspecified" where there is none
ServiceError invalid_location_constraint(std::string_view constraint);

// What a bucket may have and hasn't
ServiceError no_such_bucket_policy(std::string_view bucket);
ServiceError no_such_lifecycle_configuration(std::string_view bucket);
ServiceError no_such_public_access_block(std::string_view bucket);
ServiceError no_such_tag_set(std::string_view bucket);

// Objects
ServiceError no_such_key(std::string_view key);
ServiceError key_too_long(std::size_t length);
ServiceError precondition_failed(std::string_view condition);  // the header's name: "If-Match"
ServiceError not_modified();                                   // 304: a head without a body
ServiceError invalid_range(std::string_view range, std::uint64_t size);
ServiceError invalid_storage_class(std::string_view storage_class);
ServiceError acls_not_supported();
ServiceError invalid_part_number();
ServiceError no_such_version(std::string_view key, std::string_view version);
ServiceError metadata_too_large(std::size_t length);
ServiceError invalid_tag(std::string_view message, std::string_view tag);

// Bodies
ServiceError bad_digest(std::string_view expected_md5_base64, std::string_view calculated_md5_base64);
ServiceError bad_checksum(std::string_view algorithm);  // "CRC32"
ServiceError content_sha256_mismatch(std::string_view claimed, std::string_view computed);
ServiceError invalid_digest(std::string_view content_md5);
ServiceError entity_too_large(std::uint64_t proposed, std::uint64_t allowed);
ServiceError malformed_trailer();

// Requests
ServiceError invalid_request(std::string_view message);
ServiceError invalid_argument(std::string_view message, std::string_view name, std::string_view value);
ServiceError malformed_xml();
ServiceError malformed_policy(std::string_view message);
ServiceError method_not_allowed(std::string_view method, std::string_view resource_type);
// What S3 has and this room hasn't, e.g. a sub-resource: ("acl", "GET ?acl").
ServiceError not_implemented(std::string_view header, std::string_view what);

}  // namespace localcloud::s3
