// The errors' codes, statuses and wordings.

#include "localcloud/services/s3/errors.hpp"

#include <fmt/core.h>

#include "json/write.hpp"
#include "localcloud/wire/rest_xml.hpp"

namespace localcloud::s3 {
namespace {

using Member = std::pair<std::string, std::string>;

Member member(std::string_view name, std::string_view text) {
  Member made{std::string(name), {}};
  json::write_string(made.second, text);
  return made;
}

Member member(std::string_view name, std::uint64_t number) {
  return member(name, std::to_string(number));
}

}  // namespace

ServiceError access_denied() {
  return {"AccessDenied", "Access Denied", 403};
}

ServiceError authorization_header_malformed(std::string_view signed_region, std::string_view bucket_region) {
  return {"AuthorizationHeaderMalformed",
          fmt::format("The authorization header is malformed; the region '{}' is wrong; expecting '{}'", signed_region,
                      bucket_region),
          400,
          {member("Region", bucket_region)}};
}

ServiceError public_policy_blocked(std::string_view principal_arn, std::string_view bucket) {
  return {"AccessDenied",
          fmt::format("User: {} is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::{}\" "
                      "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public "
                      "Access.",
                      principal_arn, bucket),
          403};
}

ServiceError no_such_bucket(std::string_view bucket) {
  return {"NoSuchBucket", "The specified bucket does not exist", 404, {member("BucketName", bucket)}};
}

ServiceError bucket_already_exists(std::string_view bucket) {
  return {"BucketAlreadyExists",
          "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
          "Please select a different name and try again.",
          409,
          {member("BucketName", bucket)}};
}

ServiceError bucket_already_owned_by_you(std::string_view bucket) {
  return {"BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
          409,
          {member("BucketName", bucket)}};
}

ServiceError bucket_not_empty(std::string_view bucket) {
  return {"BucketNotEmpty", "The bucket you tried to delete is not empty", 409, {member("BucketName", bucket)}};
}

ServiceError invalid_bucket_name(std::string_view bucket) {
  return {"InvalidBucketName", "The specified bucket is not valid.", 400, {member("BucketName", bucket)}};
}

ServiceError too_many_buckets() {
  return {"TooManyBuckets", "You have attempted to create more buckets than allowed", 400};
}

ServiceError illegal_location_constraint(std::string_view constraint) {
  return {"IllegalLocationConstraintException",
          fmt::format("The {} location constraint is incompatible for the region specific endpoint this request was "
                      "sent to.",
                      constraint),
          400};
}

ServiceError invalid_location_constraint(std::string_view constraint) {
  return {"InvalidLocationConstraint",
          "The specified location-constraint is not valid",
          400,
          {member("LocationConstraint", constraint)}};
}

ServiceError no_such_bucket_policy(std::string_view bucket) {
  return {"NoSuchBucketPolicy", "The bucket policy does not exist", 404, {member("BucketName", bucket)}};
}

ServiceError no_such_lifecycle_configuration(std::string_view bucket) {
  return {"NoSuchLifecycleConfiguration",
          "The lifecycle configuration does not exist",
          404,
          {member("BucketName", bucket)}};
}

ServiceError no_such_public_access_block(std::string_view bucket) {
  return {"NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          404,
          {member("BucketName", bucket)}};
}

ServiceError no_such_tag_set(std::string_view bucket) {
  return {"NoSuchTagSet", "The TagSet does not exist", 404, {member("BucketName", bucket)}};
}

ServiceError no_such_key(std::string_view key) {
  return {"NoSuchKey", "The specified key does not exist.", 404, {member("Key", key)}};
}

ServiceError key_too_long(std::size_t length) {
  return {"KeyTooLongError",
          "Your key is too long",
          400,
          {member("Size", std::uint64_t{length}), member("MaxSizeAllowed", std::uint64_t{1024})}};
}

ServiceError precondition_failed(std::string_view condition) {
  return {"PreconditionFailed",
          "At least one of the pre-conditions you specified did not hold",
          412,
          {member("Condition", condition)}};
}

ServiceError not_modified() {
  return {"NotModified", "Not Modified", 304};
}

ServiceError invalid_range(std::string_view range, std::uint64_t size) {
  return {"InvalidRange",
          "The requested range is not satisfiable",
          416,
          {member("RangeRequested", range), member("ActualObjectSize", size)}};
}

ServiceError invalid_storage_class(std::string_view storage_class) {
  return {"InvalidStorageClass",
          "The storage class you specified is not valid",
          400,
          {member("StorageClassRequested", storage_class)}};
}

ServiceError acls_not_supported() {
  return {"AccessControlListNotSupported", "The bucket does not allow ACLs", 400};
}

ServiceError invalid_part_number() {
  return {"InvalidPartNumber", "The requested partnumber is not satisfiable", 416};
}

ServiceError no_such_version(std::string_view key, std::string_view version) {
  return {"NoSuchVersion",
          "The specified version does not exist.",
          404,
          {member("Key", key), member("VersionId", version)}};
}

ServiceError metadata_too_large(std::size_t length) {
  return {"MetadataTooLarge",
          "Your metadata headers exceed the maximum allowed metadata size",
          400,
          {member("Size", std::uint64_t{length}), member("MaxSizeAllowed", std::uint64_t{2048})}};
}

ServiceError invalid_tag(std::string_view message, std::string_view tag) {
  return {"InvalidTag", std::string(message), 400, {member("TagKey", tag)}};
}

ServiceError bad_digest(std::string_view expected_md5_base64, std::string_view calculated_md5_base64) {
  return {"BadDigest",
          "The Content-MD5 you specified did not match what we received.",
          400,
          {member("ExpectedDigest", expected_md5_base64), member("CalculatedDigest", calculated_md5_base64)}};
}

ServiceError bad_checksum(std::string_view algorithm) {
  return {"BadDigest", fmt::format("The {} you specified did not match the calculated checksum.", algorithm), 400};
}

ServiceError content_sha256_mismatch(std::string_view claimed, std::string_view computed) {
  return {"XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          400,
          {member("ClientComputedContentSHA256", claimed), member("S3ComputedContentSHA256", computed)}};
}

ServiceError invalid_digest(std::string_view content_md5) {
  return {"InvalidDigest", "The Content-MD5 you specified was invalid.", 400, {member("Content-MD5", content_md5)}};
}

ServiceError entity_too_large(std::uint64_t proposed, std::uint64_t allowed) {
  return {"EntityTooLarge",
          "Your proposed upload exceeds the maximum allowed size",
          400,
          {member("ProposedSize", proposed), member("MaxSizeAllowed", allowed)}};
}

ServiceError malformed_trailer() {
  return {"MalformedTrailerError",
          "The request contained trailing data that was not well-formed or did not conform to our published schema.",
          400};
}

ServiceError invalid_request(std::string_view message) {
  return {"InvalidRequest", std::string(message), 400};
}

ServiceError invalid_argument(std::string_view message, std::string_view name, std::string_view value) {
  return {"InvalidArgument", std::string(message), 400, {member("ArgumentName", name), member("ArgumentValue", value)}};
}

ServiceError malformed_xml() {
  return wire::malformed_xml();
}

ServiceError malformed_policy(std::string_view message) {
  return {"MalformedPolicy", std::string(message), 400};
}

ServiceError method_not_allowed(std::string_view method, std::string_view resource_type) {
  return {"MethodNotAllowed",
          "The specified method is not allowed against this resource.",
          405,
          {member("Method", method), member("ResourceType", resource_type)}};
}

ServiceError not_implemented(std::string_view header, std::string_view what) {
  return {"NotImplemented",
          "A header you provided implies functionality that is not implemented.",
          501,
          {member("Header", header), member("AdditionalMessage", fmt::format("{} is not here.", what))}};
}

}  // namespace localcloud::s3
