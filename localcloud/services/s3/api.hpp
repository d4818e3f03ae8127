#pragma once
// S3 on the wire, objects: each operation's route, IAM action, request and response. No behaviour.

#include "localcloud/services/s3/api_buckets.hpp"
#include "localcloud/services/s3/api_lifecycle.hpp"

namespace localcloud::s3 {

struct ObjectInput : BucketInput {
  std::string key;
};

template <class T>
constexpr auto object_members() {
  return std::tuple_cat(bucket_members<T>(), wire::members(wire::label("Key", member_of<T>(&T::key))));
}

// A checksum in its header, whichever it is.
struct ChecksumHeaders {
  std::optional<std::string> checksum_crc32;
  std::optional<std::string> checksum_crc32c;
  std::optional<std::string> checksum_crc64nvme;
  std::optional<std::string> checksum_sha1;
  std::optional<std::string> checksum_sha256;
};

template <class T>
constexpr auto checksum_members() {
  return wire::members(
      wire::header("ChecksumCRC32", "x-amz-checksum-crc32", member_of<T>(&T::checksum_crc32)),
      wire::header("ChecksumCRC32C", "x-amz-checksum-crc32c", member_of<T>(&T::checksum_crc32c)),
      wire::header("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme", member_of<T>(&T::checksum_crc64nvme)),
      wire::header("ChecksumSHA1", "x-amz-checksum-sha1", member_of<T>(&T::checksum_sha1)),
      wire::header("ChecksumSHA256", "x-amz-checksum-sha256", member_of<T>(&T::checksum_sha256)));
}

struct PutObject {
  static constexpr std::string_view kName = "PutObject";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}/{Key+}"};
  struct Input : ObjectInput, ChecksumHeaders {
    wire::http::Body* body = nullptr;
    std::optional<std::int64_t> content_length;
    std::optional<std::int64_t> decoded_content_length;  // of an aws-chunked body
    std::optional<std::string> trailer;                  // the checksum's header that comes after the body
    std::optional<std::string> content_md5;
    std::optional<std::string> checksum_algorithm;
    std::optional<std::string> content_type;
    std::optional<std::string> content_encoding;
    std::optional<std::string> content_disposition;
    std::optional<std::string> content_language;
    std::optional<std::string> cache_control;
    std::optional<std::string> expires;
    std::optional<std::string> if_match;
    std::optional<std::string> if_none_match;
    std::map<std::string, std::string> metadata;
    std::optional<std::string> acl;
    std::optional<std::string> server_side_encryption;
    std::optional<std::string> storage_class;
    std::optional<std::string> tagging;
    static constexpr auto members() {
      return std::tuple_cat(
          object_members<Input>(), checksum_members<Input>(),
          wire::members(
              wire::payload("Body", &Input::body),
              wire::header("ContentLength", "Content-Length", &Input::content_length),
              wire::header("DecodedContentLength", "x-amz-decoded-content-length", &Input::decoded_content_length),
              wire::header("Trailer", "x-amz-trailer", &Input::trailer),
              wire::header("ContentMD5", "Content-MD5", &Input::content_md5),
              wire::header("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm", &Input::checksum_algorithm),
              wire::header("ContentType", "Content-Type", &Input::content_type),
              wire::header("ContentEncoding", "Content-Encoding", &Input::content_encoding),
              wire::header("ContentDisposition", "Content-Disposition", &Input::content_disposition),
              wire::header("ContentLanguage", "Content-Language", &Input::content_language),
              wire::header("CacheControl", "Cache-Control", &Input::cache_control),
              wire::header("Expires", "Expires", &Input::expires),
              wire::header("IfMatch", "If-Match", &Input::if_match),
              wire::header("IfNoneMatch", "If-None-Match", &Input::if_none_match),
              wire::header_prefix("Metadata", "x-amz-meta-", &Input::metadata),
              wire::header("ACL", "x-amz-acl", &Input::acl),
              wire::header("ServerSideEncryption", "x-amz-server-side-encryption", &Input::server_side_encryption),
              wire::header("StorageClass", "x-amz-storage-class", &Input::storage_class),
              wire::header("Tagging", "x-amz-tagging", &Input::tagging),
              wire::refused("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP", "WriteOffsetBytes",
                            "WebsiteRedirectLocation", "SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5",
                            "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled", "RequestPayer",
                            "ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus",
                            "ChecksumSHA512", "ChecksumMD5", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128",
                            "ObjectLockEventHold", "ObjectLockEventHoldDurationDays",
                            "ObjectLockEventHoldDurationYears")));
    }
  };
  struct Output : ChecksumHeaders {
    std::string etag;
    std::optional<std::string> expiration;
    std::string checksum_type;
    std::string server_side_encryption;
    static constexpr auto members() {
      return std::tuple_cat(checksum_members<Output>(),
                            wire::members(wire::header("ETag", "ETag", &Output::etag),
                                          wire::header("Expiration", "x-amz-expiration", &Output::expiration),
                                          wire::header("ChecksumType", "x-amz-checksum-type", &Output::checksum_type),
                                          wire::header("ServerSideEncryption", "x-amz-server-side-encryption",
                                                       &Output::server_side_encryption)));
    }
  };
};

// What GetObject and HeadObject ask alike.
struct ReadInput : ObjectInput {
  static constexpr std::string_view kAction = "s3:GetObject";
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  // Dates as text: one that can't be read is passed over, as RFC 9110 has it.
  std::optional<std::string> if_modified_since;
  std::optional<std::string> if_unmodified_since;
  std::optional<std::string> range;
  std::optional<std::string> checksum_mode;
  std::optional<std::string> version_id;
  std::optional<std::int32_t> part_number;
  std::optional<std::string> response_cache_control;
  std::optional<std::string> response_content_disposition;
  std::optional<std::string> response_content_encoding;
  std::optional<std::string> response_content_language;
  std::optional<std::string> response_content_type;
  std::optional<std::string> response_expires;
  static constexpr auto members() {
    using Self = ReadInput;
    return std::tuple_cat(
        object_members<Self>(),
        wire::members(
            wire::header("IfMatch", "If-Match", &Self::if_match),
            wire::header("IfNoneMatch", "If-None-Match", &Self::if_none_match),
            wire::header("IfModifiedSince", "If-Modified-Since", &Self::if_modified_since),
            wire::header("IfUnmodifiedSince", "If-Unmodified-Since", &Self::if_unmodified_since),
            wire::header("Range", "Range", &Self::range),
            wire::header("ChecksumMode", "x-amz-checksum-mode", &Self::checksum_mode),
            wire::query("VersionId", "versionId", &Self::version_id),
            wire::query("PartNumber", "partNumber", &Self::part_number),
            wire::query("ResponseCacheControl", "response-cache-control", &Self::response_cache_control),
            wire::query("ResponseContentDisposition", "response-content-disposition",
                        &Self::response_content_disposition),
            wire::query("ResponseContentEncoding", "response-content-encoding", &Self::response_content_encoding),
            wire::query("ResponseContentLanguage", "response-content-language", &Self::response_content_language),
            wire::query("ResponseContentType", "response-content-type", &Self::response_content_type),
            wire::query("ResponseExpires", "response-expires", &Self::response_expires),
            wire::refused("SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5", "RequestPayer")));
  }
};

// What they answer alike; HeadObject's body is only its length.
struct ReadOutput : ChecksumHeaders {
  int status = 200;  // 206 for a range
  wire::http::Stream body;
  std::string accept_ranges = "bytes";
  wire::Timestamp last_modified;
  std::string etag;
  std::optional<std::string> content_range;
  std::optional<std::string> content_type;
  std::optional<std::string> content_encoding;
  std::optional<std::string> content_disposition;
  std::optional<std::string> content_language;
  std::optional<std::string> cache_control;
  std::optional<std::string> expires;
  std::optional<std::string> expiration;
  std::optional<std::string> checksum_type;
  std::optional<std::string> storage_class;  // but for STANDARD
  std::string server_side_encryption;
  std::optional<std::int32_t> tag_count;
  std::map<std::string, std::string> metadata;
  static constexpr auto members() {
    using Self = ReadOutput;
    return std::tuple_cat(
        checksum_members<Self>(),
        wire::members(
            wire::status("StatusCode", &Self::status), wire::payload("Body", &Self::body),
            wire::header("AcceptRanges", "accept-ranges", &Self::accept_ranges),
            wire::header("LastModified", "Last-Modified", &Self::last_modified),
            wire::header("ETag", "ETag", &Self::etag),
            wire::header("ContentRange", "Content-Range", &Self::content_range),
            wire::header("ContentType", "Content-Type", &Self::content_type),
            wire::header("ContentEncoding", "Content-Encoding", &Self::content_encoding),
            wire::header("ContentDisposition", "Content-Disposition", &Self::content_disposition),
            wire::header("ContentLanguage", "Content-Language", &Self::content_language),
            wire::header("CacheControl", "Cache-Control", &Self::cache_control),
            wire::header("Expires", "Expires", &Self::expires),
            wire::header("Expiration", "x-amz-expiration", &Self::expiration),
            wire::header("ChecksumType", "x-amz-checksum-type", &Self::checksum_type),
            wire::header("StorageClass", "x-amz-storage-class", &Self::storage_class),
            wire::header("ServerSideEncryption", "x-amz-server-side-encryption", &Self::server_side_encryption),
            wire::header("TagCount", "x-amz-tagging-count", &Self::tag_count),
            wire::header_prefix("Metadata", "x-amz-meta-", &Self::metadata)));
  }
};

struct GetObject {
  static constexpr std::string_view kName = "GetObject";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}/{Key+}"};
  using Input = ReadInput;
  using Output = ReadOutput;
};

struct HeadObject {
  static constexpr std::string_view kName = "HeadObject";
  static constexpr wire::Route kRoute{"HEAD", "/{Bucket}/{Key+}"};
  using Input = ReadInput;
  using Output = ReadOutput;
};

struct DeleteObject {
  static constexpr std::string_view kName = "DeleteObject";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}/{Key+}"};
  static constexpr int kStatus = 204;
  struct Input : ObjectInput {
    static constexpr std::string_view kAction = "s3:DeleteObject";
    std::optional<std::string> version_id;
    std::optional<std::string> if_match;
    static constexpr auto members() {
      return std::tuple_cat(object_members<Input>(),
                            wire::members(wire::query("VersionId", "versionId", &Input::version_id),
                                          wire::header("IfMatch", "If-Match", &Input::if_match),
                                          wire::refused("MFA", "RequestPayer", "BypassGovernanceRetention",
                                                        "IfMatchLastModifiedTime", "IfMatchSize")));
    }
  };
  using Output = NoOutput;
};

struct ObjectIdentifier {
  std::string key;
  std::optional<std::string> version_id;
  std::optional<std::string> etag;
  static constexpr auto members() {
    return wire::members(wire::required("Key", &ObjectIdentifier::key),
                         wire::optional("VersionId", &ObjectIdentifier::version_id),
                         wire::optional("ETag", &ObjectIdentifier::etag), wire::refused("LastModifiedTime", "Size"));
  }
};

struct Delete {
  std::vector<ObjectIdentifier> objects;
  std::optional<bool> quiet;
  static constexpr auto members() {
    return wire::members(wire::required("Objects", &Delete::objects, wire::xml_flattened("Object")),
                         wire::optional("Quiet", &Delete::quiet));
  }
};

struct DeletedObject {
  std::string key;
  static constexpr auto members() { return wire::members(wire::optional("Key", &DeletedObject::key)); }
};

struct DeleteError {
  std::string key;
  std::string code;
  std::string message;
  static constexpr auto members() {
    return wire::members(wire::optional("Key", &DeleteError::key), wire::optional("Code", &DeleteError::code),
                         wire::optional("Message", &DeleteError::message));
  }
};

struct DeleteObjects {
  static constexpr std::string_view kName = "DeleteObjects";
  static constexpr wire::Route kRoute{"POST", "/{Bucket}", "delete"};
  struct Input : DocumentInput {
    Delete remove;
    static constexpr auto members() {
      return std::tuple_cat(document_members<Input>(),
                            wire::members(wire::payload("Delete", &Input::remove),
                                          wire::refused("MFA", "RequestPayer", "BypassGovernanceRetention")));
    }
  };
  struct Output {
    static constexpr std::string_view kXmlRoot = "DeleteResult";
    std::vector<DeletedObject> deleted;
    std::vector<DeleteError> errors;
    static constexpr auto members() {
      return wire::members(wire::optional("Deleted", &Output::deleted, wire::xml_flattened("Deleted")),
                           wire::optional("Errors", &Output::errors, wire::xml_flattened("Error")));
    }
  };
};

struct ListedObject {
  std::string key;
  wire::Timestamp last_modified;
  std::string etag;
  std::vector<std::string> checksum_algorithm;
  std::optional<std::string> checksum_type;
  std::int64_t size = 0;
  std::string storage_class;
  std::optional<Owner> owner;
  static constexpr auto members() {
    using Self = ListedObject;
    return wire::members(
        wire::optional("Key", &Self::key), wire::optional("LastModified", &Self::last_modified),
        wire::optional("ETag", &Self::etag),
        wire::optional("ChecksumAlgorithm", &Self::checksum_algorithm, wire::xml_flattened("ChecksumAlgorithm")),
        wire::optional("ChecksumType", &Self::checksum_type), wire::optional("Size", &Self::size),
        wire::optional("Owner", &Self::owner), wire::optional("StorageClass", &Self::storage_class));
  }
};

struct CommonPrefix {
  std::string prefix;
  static constexpr auto members() { return wire::members(wire::optional("Prefix", &CommonPrefix::prefix)); }
};

// What both listings ask alike.
struct ListInput : BucketInput {
  std::optional<std::string> delimiter;
  std::optional<std::string> encoding_type;
  std::optional<std::string> max_keys;  // as text: S3 has its own words for what isn't a number
  std::optional<std::string> prefix;
};

template <class T>
constexpr auto list_members() {
  return std::tuple_cat(bucket_members<T>(),
                        wire::members(wire::query("Delimiter", "delimiter", member_of<T>(&T::delimiter)),
                                      wire::query("EncodingType", "encoding-type", member_of<T>(&T::encoding_type)),
                                      wire::query("MaxKeys", "max-keys", member_of<T>(&T::max_keys)),
                                      wire::query("Prefix", "prefix", member_of<T>(&T::prefix)),
                                      wire::refused("RequestPayer", "OptionalObjectAttributes")));
}

// What both answer alike.
struct ListOutput {
  std::string name;
  std::string prefix;
  std::optional<std::string> delimiter;
  std::optional<std::string> encoding_type;
  std::int32_t max_keys = 1000;
  bool is_truncated = false;
  std::vector<ListedObject> contents;
  std::vector<CommonPrefix> common_prefixes;
};

template <class T>
constexpr auto listed_members() {
  return wire::members(
      wire::optional("Name", member_of<T>(&T::name)), wire::optional("Prefix", member_of<T>(&T::prefix)),
      wire::optional("Delimiter", member_of<T>(&T::delimiter)), wire::optional("MaxKeys", member_of<T>(&T::max_keys)),
      wire::optional("EncodingType", member_of<T>(&T::encoding_type)),
      wire::optional("IsTruncated", member_of<T>(&T::is_truncated)),
      wire::optional("Contents", member_of<T>(&T::contents), wire::xml_flattened("Contents")),
      wire::optional("CommonPrefixes", member_of<T>(&T::common_prefixes), wire::xml_flattened("CommonPrefixes")));
}

struct ListObjectsV2 {
  static constexpr std::string_view kName = "ListObjectsV2";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "list-type=2"};
  struct Input : ListInput {
    std::optional<std::string> continuation_token;
    std::optional<bool> fetch_owner;
    std::optional<std::string> start_after;
    static constexpr auto members() {
      return std::tuple_cat(
          list_members<Input>(),
          wire::members(wire::query("ContinuationToken", "continuation-token", &Input::continuation_token),
                        wire::query("FetchOwner", "fetch-owner", &Input::fetch_owner),
                        wire::query("StartAfter", "start-after", &Input::start_after)));
    }
  };
  struct Output : ListOutput {
    static constexpr std::string_view kXmlRoot = "ListBucketResult";
    std::int32_t key_count = 0;
    std::optional<std::string> continuation_token;
    std::optional<std::string> next_continuation_token;
    std::optional<std::string> start_after;
    static constexpr auto members() {
      return std::tuple_cat(wire::members(wire::optional("ContinuationToken", &Output::continuation_token),
                                          wire::optional("NextContinuationToken", &Output::next_continuation_token),
                                          wire::optional("StartAfter", &Output::start_after),
                                          wire::optional("KeyCount", &Output::key_count)),
                            listed_members<Output>());
    }
  };
};

struct ListObjects {
  static constexpr std::string_view kName = "ListObjects";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}"};
  struct Input : ListInput {
    std::optional<std::string> marker;
    static constexpr auto members() {
      return std::tuple_cat(list_members<Input>(), wire::members(wire::query("Marker", "marker", &Input::marker)));
    }
  };
  struct Output : ListOutput {
    static constexpr std::string_view kXmlRoot = "ListBucketResult";
    std::string marker;
    std::optional<std::string> next_marker;
    static constexpr auto members() {
      return std::tuple_cat(
          wire::members(wire::optional("Marker", &Output::marker), wire::optional("NextMarker", &Output::next_marker)),
          listed_members<Output>());
    }
  };
};

}  // namespace localcloud::s3
