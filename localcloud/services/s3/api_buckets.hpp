#pragma once
// S3 on the wire, buckets and what belongs to them: each operation's route, IAM action, request and response.
// No behaviour.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/value.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::s3 {

// Inputs say in kAction what the caller must be allowed to do to the bucket, or to the object where they have a key.

struct NoOutput {
  static constexpr auto members() { return wire::members(); }
};

// An input that names a bucket and nothing else.
struct BucketInput {
  std::string bucket;
  std::optional<std::string> expected_bucket_owner;
};

template <class T, class Base, class Member>
constexpr Member T::* member_of(Member Base::* member) {
  return member;
}

template <class T>
constexpr auto bucket_members() {
  return wire::members(
      wire::label("Bucket", member_of<T>(&T::bucket)),
      wire::header("ExpectedBucketOwner", "x-amz-expected-bucket-owner", member_of<T>(&T::expected_bucket_owner)));
}

// The digests that a client sends with a small document; the wire has held the document against its signature.
struct DocumentInput : BucketInput {
  std::optional<std::string> content_md5;
  std::optional<std::string> checksum_algorithm;
};

template <class T>
constexpr auto document_members() {
  return std::tuple_cat(bucket_members<T>(),
                        wire::members(wire::header("ContentMD5", "Content-MD5", member_of<T>(&T::content_md5)),
                                      wire::header("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm",
                                                   member_of<T>(&T::checksum_algorithm))));
}

struct Owner {
  std::optional<std::string> display_name;
  std::string id;
  static constexpr auto members() {
    return wire::members(wire::optional("DisplayName", &Owner::display_name), wire::optional("ID", &Owner::id));
  }
};

struct TagShape {
  std::string key;
  std::string value;
  static constexpr auto members() {
    return wire::members(wire::required("Key", &TagShape::key), wire::required("Value", &TagShape::value));
  }
};

struct CreateBucketConfiguration {
  std::optional<std::string> location_constraint;
  std::optional<std::vector<TagShape>> tags;
  static constexpr auto members() {
    return wire::members(wire::optional("LocationConstraint", &CreateBucketConfiguration::location_constraint),
                         wire::optional("Tags", &CreateBucketConfiguration::tags, wire::xml_list("Tag")),
                         wire::refused("Location", "Bucket"));
  }
};

struct CreateBucket {
  static constexpr std::string_view kName = "CreateBucket";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}"};
  struct Input {
    std::string bucket;
    std::optional<CreateBucketConfiguration> configuration;
    std::optional<std::string> object_ownership;
    static constexpr auto members() {
      return wire::members(wire::label("Bucket", &Input::bucket),
                           wire::payload("CreateBucketConfiguration", &Input::configuration),
                           wire::header("ObjectOwnership", "x-amz-object-ownership", &Input::object_ownership),
                           wire::refused("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite",
                                         "GrantWriteACP", "ObjectLockEnabledForBucket", "BucketNamespace"));
    }
  };
  struct Output {
    std::string location;
    std::string bucket_arn;
    static constexpr auto members() {
      return wire::members(wire::header("Location", "Location", &Output::location),
                           wire::header("BucketArn", "x-amz-bucket-arn", &Output::bucket_arn));
    }
  };
};

struct HeadBucket {
  static constexpr std::string_view kName = "HeadBucket";
  static constexpr wire::Route kRoute{"HEAD", "/{Bucket}"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:ListBucket";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    std::string bucket_region;
    std::string bucket_arn;
    bool access_point_alias = false;
    static constexpr auto members() {
      return wire::members(wire::header("BucketRegion", "x-amz-bucket-region", &Output::bucket_region),
                           wire::header("BucketArn", "x-amz-bucket-arn", &Output::bucket_arn),
                           wire::header("AccessPointAlias", "x-amz-access-point-alias", &Output::access_point_alias));
    }
  };
};

struct Bucket {
  std::string name;
  wire::Timestamp creation_date;
  std::optional<std::string> bucket_region;
  static constexpr auto members() {
    return wire::members(wire::optional("Name", &Bucket::name), wire::optional("CreationDate", &Bucket::creation_date),
                         wire::optional("BucketRegion", &Bucket::bucket_region));
  }
};

struct ListBuckets {
  static constexpr std::string_view kName = "ListBuckets";
  static constexpr wire::Route kRoute{"GET", "/"};
  struct Input {
    std::optional<std::string> max_buckets;  // as text: S3 has its own words for what isn't a number
    std::optional<std::string> continuation_token;
    std::optional<std::string> prefix;
    std::optional<std::string> bucket_region;
    static constexpr auto members() {
      return wire::members(wire::query("MaxBuckets", "max-buckets", &Input::max_buckets),
                           wire::query("ContinuationToken", "continuation-token", &Input::continuation_token),
                           wire::query("Prefix", "prefix", &Input::prefix),
                           wire::query("BucketRegion", "bucket-region", &Input::bucket_region));
    }
  };
  struct Output {
    static constexpr std::string_view kXmlRoot = "ListAllMyBucketsResult";
    Owner owner;
    std::vector<Bucket> buckets;
    std::optional<std::string> continuation_token;
    std::optional<std::string> prefix;
    static constexpr auto members() {
      return wire::members(wire::optional("Owner", &Output::owner),
                           wire::optional("Buckets", &Output::buckets, wire::xml_list("Bucket")),
                           wire::optional("ContinuationToken", &Output::continuation_token),
                           wire::optional("Prefix", &Output::prefix));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) {
    return {{.action = "s3:ListAllMyBuckets", .resource = "*"}};
  }
};

struct DeleteBucket {
  static constexpr std::string_view kName = "DeleteBucket";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}"};
  static constexpr int kStatus = 204;
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:DeleteBucket";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = NoOutput;
};

struct GetBucketLocation {
  static constexpr std::string_view kName = "GetBucketLocation";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "location"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetBucketLocation";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    static constexpr std::string_view kXmlRoot = "LocationConstraint";
    // Stands in the root itself: <LocationConstraint>eu-west-1</LocationConstraint>. Nothing for us-east-1.
    std::optional<std::string> location_constraint;
    static constexpr auto members() {
      return wire::members(wire::optional("LocationConstraint", &Output::location_constraint,
                                          wire::xml_flattened("LocationConstraint")));
    }
  };
};

struct GetBucketVersioning {
  static constexpr std::string_view kName = "GetBucketVersioning";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "versioning"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetBucketVersioning";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    static constexpr std::string_view kXmlRoot = "VersioningConfiguration";
    std::optional<std::string> status;  // never there: no bucket here has versions
    std::optional<std::string> mfa_delete;
    static constexpr auto members() {
      return wire::members(wire::optional("Status", &Output::status),
                           wire::optional("MFADelete", &Output::mfa_delete, wire::xml_name("MfaDelete")));
    }
  };
};

struct PublicAccessBlock {
  static constexpr std::string_view kXmlRoot = "PublicAccessBlockConfiguration";
  std::optional<bool> block_public_acls;
  std::optional<bool> ignore_public_acls;
  std::optional<bool> block_public_policy;
  std::optional<bool> restrict_public_buckets;
  static constexpr auto members() {
    return wire::members(wire::optional("BlockPublicAcls", &PublicAccessBlock::block_public_acls),
                         wire::optional("IgnorePublicAcls", &PublicAccessBlock::ignore_public_acls),
                         wire::optional("BlockPublicPolicy", &PublicAccessBlock::block_public_policy),
                         wire::optional("RestrictPublicBuckets", &PublicAccessBlock::restrict_public_buckets));
  }
};

struct PutPublicAccessBlock {
  static constexpr std::string_view kName = "PutPublicAccessBlock";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}", "publicAccessBlock"};
  struct Input : DocumentInput {
    static constexpr std::string_view kAction = "s3:PutBucketPublicAccessBlock";
    PublicAccessBlock configuration;
    static constexpr auto members() {
      return std::tuple_cat(document_members<Input>(),
                            wire::members(wire::payload("PublicAccessBlockConfiguration", &Input::configuration)));
    }
  };
  using Output = NoOutput;
};

struct GetPublicAccessBlock {
  static constexpr std::string_view kName = "GetPublicAccessBlock";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "publicAccessBlock"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetBucketPublicAccessBlock";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    PublicAccessBlock configuration;
    static constexpr auto members() {
      return wire::members(wire::payload("PublicAccessBlockConfiguration", &Output::configuration));
    }
  };
};

struct DeletePublicAccessBlock {
  static constexpr std::string_view kName = "DeletePublicAccessBlock";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}", "publicAccessBlock"};
  static constexpr int kStatus = 204;
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:PutBucketPublicAccessBlock";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = NoOutput;
};

struct EncryptionByDefault {
  std::string sse_algorithm;
  std::optional<std::string> kms_master_key_id;
  static constexpr auto members() {
    return wire::members(wire::required("SSEAlgorithm", &EncryptionByDefault::sse_algorithm),
                         wire::optional("KMSMasterKeyID", &EncryptionByDefault::kms_master_key_id));
  }
};

struct EncryptionRule {
  std::optional<EncryptionByDefault> by_default;
  std::optional<bool> bucket_key_enabled;
  static constexpr auto members() {
    return wire::members(wire::optional("ApplyServerSideEncryptionByDefault", &EncryptionRule::by_default),
                         wire::optional("BucketKeyEnabled", &EncryptionRule::bucket_key_enabled),
                         wire::refused("BlockedEncryptionTypes"));
  }
};

struct EncryptionConfiguration {
  static constexpr std::string_view kXmlRoot = "ServerSideEncryptionConfiguration";
  std::vector<EncryptionRule> rules;
  static constexpr auto members() {
    return wire::members(wire::required("Rules", &EncryptionConfiguration::rules, wire::xml_flattened("Rule")));
  }
};

struct PutBucketEncryption {
  static constexpr std::string_view kName = "PutBucketEncryption";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}", "encryption"};
  struct Input : DocumentInput {
    static constexpr std::string_view kAction = "s3:PutEncryptionConfiguration";
    EncryptionConfiguration configuration;
    static constexpr auto members() {
      return std::tuple_cat(document_members<Input>(),
                            wire::members(wire::payload("ServerSideEncryptionConfiguration", &Input::configuration)));
    }
  };
  using Output = NoOutput;
};

struct GetBucketEncryption {
  static constexpr std::string_view kName = "GetBucketEncryption";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "encryption"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetEncryptionConfiguration";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    EncryptionConfiguration configuration;
    static constexpr auto members() {
      return wire::members(wire::payload("ServerSideEncryptionConfiguration", &Output::configuration));
    }
  };
};

struct DeleteBucketEncryption {
  static constexpr std::string_view kName = "DeleteBucketEncryption";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}", "encryption"};
  static constexpr int kStatus = 204;
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:PutEncryptionConfiguration";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = NoOutput;
};

struct PutBucketPolicy {
  static constexpr std::string_view kName = "PutBucketPolicy";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}", "policy"};
  static constexpr int kStatus = 204;
  struct Input : DocumentInput {
    static constexpr std::string_view kAction = "s3:PutBucketPolicy";
    std::string policy;
    static constexpr auto members() {
      return std::tuple_cat(document_members<Input>(), wire::members(wire::payload("Policy", &Input::policy),
                                                                     wire::refused("ConfirmRemoveSelfBucketAccess")));
    }
  };
  using Output = NoOutput;
};

struct GetBucketPolicy {
  static constexpr std::string_view kName = "GetBucketPolicy";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "policy"};
  static constexpr std::string_view kContentType = "application/json";
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetBucketPolicy";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    std::string policy;
    static constexpr auto members() { return wire::members(wire::payload("Policy", &Output::policy)); }
  };
};

struct DeleteBucketPolicy {
  static constexpr std::string_view kName = "DeleteBucketPolicy";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}", "policy"};
  static constexpr int kStatus = 204;
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:DeleteBucketPolicy";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = NoOutput;
};

struct PolicyStatus {
  static constexpr std::string_view kXmlRoot = "PolicyStatus";
  bool is_public = false;
  static constexpr auto members() { return wire::members(wire::optional("IsPublic", &PolicyStatus::is_public)); }
};

struct GetBucketPolicyStatus {
  static constexpr std::string_view kName = "GetBucketPolicyStatus";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "policyStatus"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetBucketPolicyStatus";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    PolicyStatus status;
    static constexpr auto members() { return wire::members(wire::payload("PolicyStatus", &Output::status)); }
  };
};

struct Tagging {
  static constexpr std::string_view kXmlRoot = "Tagging";
  std::vector<TagShape> tag_set;
  static constexpr auto members() {
    return wire::members(wire::required("TagSet", &Tagging::tag_set, wire::xml_list("Tag")));
  }
};

struct PutBucketTagging {
  static constexpr std::string_view kName = "PutBucketTagging";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}", "tagging"};
  static constexpr int kStatus = 204;
  struct Input : DocumentInput {
    static constexpr std::string_view kAction = "s3:PutBucketTagging";
    Tagging tagging;
    static constexpr auto members() {
      return std::tuple_cat(document_members<Input>(), wire::members(wire::payload("Tagging", &Input::tagging)));
    }
  };
  using Output = NoOutput;
};

struct GetBucketTagging {
  static constexpr std::string_view kName = "GetBucketTagging";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "tagging"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetBucketTagging";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = Tagging;
};

struct DeleteBucketTagging {
  static constexpr std::string_view kName = "DeleteBucketTagging";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}", "tagging"};
  static constexpr int kStatus = 204;
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:PutBucketTagging";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = NoOutput;
};

}  // namespace localcloud::s3
