#pragma once
// S3 on the wire, lifecycle configurations. No behaviour.

#include "localcloud/services/s3/api_buckets.hpp"

namespace localcloud::s3 {

struct LifecycleAndShape {
  std::optional<std::string> prefix;
  std::optional<std::vector<TagShape>> tags;
  std::optional<std::int64_t> object_size_greater_than;
  std::optional<std::int64_t> object_size_less_than;
  static constexpr auto members() {
    using Self = LifecycleAndShape;
    return wire::members(wire::optional("Prefix", &Self::prefix),
                         wire::optional("Tags", &Self::tags, wire::xml_flattened("Tag")),
                         wire::optional("ObjectSizeGreaterThan", &Self::object_size_greater_than),
                         wire::optional("ObjectSizeLessThan", &Self::object_size_less_than));
  }
};

struct LifecycleFilterShape {
  std::optional<std::string> prefix;
  std::optional<TagShape> tag;
  std::optional<std::int64_t> object_size_greater_than;
  std::optional<std::int64_t> object_size_less_than;
  std::optional<LifecycleAndShape> all_of;
  static constexpr auto members() {
    using Self = LifecycleFilterShape;
    return wire::members(wire::optional("Prefix", &Self::prefix), wire::optional("Tag", &Self::tag),
                         wire::optional("ObjectSizeGreaterThan", &Self::object_size_greater_than),
                         wire::optional("ObjectSizeLessThan", &Self::object_size_less_than),
                         wire::optional("And", &Self::all_of));
  }
};

struct LifecycleExpirationShape {
  std::optional<wire::Timestamp> date;
  std::optional<std::int32_t> days;
  std::optional<bool> expired_object_delete_marker;
  static constexpr auto members() {
    using Self = LifecycleExpirationShape;
    return wire::members(wire::optional("Date", &Self::date), wire::optional("Days", &Self::days),
                         wire::optional("ExpiredObjectDeleteMarker", &Self::expired_object_delete_marker));
  }
};

struct AbortUploadShape {
  std::optional<std::int32_t> days_after_initiation;
  static constexpr auto members() {
    return wire::members(wire::optional("DaysAfterInitiation", &AbortUploadShape::days_after_initiation));
  }
};

struct LifecycleRuleShape {
  std::optional<LifecycleExpirationShape> expiration;
  std::optional<std::string> id;
  std::optional<std::string> prefix;
  std::optional<LifecycleFilterShape> filter;
  std::string status;
  std::optional<AbortUploadShape> abort_incomplete_multipart_upload;
  // Read only to be refused by name.
  std::optional<json::Value> transitions;
  std::optional<json::Value> noncurrent_version_transitions;
  std::optional<json::Value> noncurrent_version_expiration;
  static constexpr auto members() {
    using Self = LifecycleRuleShape;
    return wire::members(wire::optional("ID", &Self::id), wire::optional("Prefix", &Self::prefix),
                         wire::optional("Filter", &Self::filter), wire::required("Status", &Self::status),
                         wire::optional("Expiration", &Self::expiration),
                         wire::optional("AbortIncompleteMultipartUpload", &Self::abort_incomplete_multipart_upload),
                         wire::optional("Transitions", &Self::transitions, wire::xml_flattened("Transition")),
                         wire::optional("NoncurrentVersionTransitions", &Self::noncurrent_version_transitions,
                                        wire::xml_flattened("NoncurrentVersionTransition")),
                         wire::optional("NoncurrentVersionExpiration", &Self::noncurrent_version_expiration));
  }
};

struct LifecycleConfiguration {
  static constexpr std::string_view kXmlRoot = "LifecycleConfiguration";
  std::vector<LifecycleRuleShape> rules;
  static constexpr auto members() {
    return wire::members(wire::required("Rules", &LifecycleConfiguration::rules, wire::xml_flattened("Rule")));
  }
};

struct PutBucketLifecycleConfiguration {
  static constexpr std::string_view kName = "PutBucketLifecycleConfiguration";
  static constexpr wire::Route kRoute{"PUT", "/{Bucket}", "lifecycle"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:PutLifecycleConfiguration";
    std::optional<std::string> checksum_algorithm;
    std::optional<std::string> transition_default_minimum_object_size;
    LifecycleConfiguration configuration;
    static constexpr auto members() {
      return std::tuple_cat(
          bucket_members<Input>(),
          wire::members(
              wire::header("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm", &Input::checksum_algorithm),
              wire::header("TransitionDefaultMinimumObjectSize", "x-amz-transition-default-minimum-object-size",
                           &Input::transition_default_minimum_object_size),
              wire::payload("LifecycleConfiguration", &Input::configuration)));
    }
  };
  struct Output {
    std::string transition_default_minimum_object_size;
    static constexpr auto members() {
      return wire::members(wire::header("TransitionDefaultMinimumObjectSize",
                                        "x-amz-transition-default-minimum-object-size",
                                        &Output::transition_default_minimum_object_size));
    }
  };
};

struct GetBucketLifecycleConfiguration {
  static constexpr std::string_view kName = "GetBucketLifecycleConfiguration";
  static constexpr wire::Route kRoute{"GET", "/{Bucket}", "lifecycle"};
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:GetLifecycleConfiguration";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  struct Output {
    static constexpr std::string_view kXmlRoot = "LifecycleConfiguration";
    std::vector<LifecycleRuleShape> rules;
    std::string transition_default_minimum_object_size;
    static constexpr auto members() {
      return wire::members(
          wire::optional("Rules", &Output::rules, wire::xml_flattened("Rule")),
          wire::header("TransitionDefaultMinimumObjectSize", "x-amz-transition-default-minimum-object-size",
                       &Output::transition_default_minimum_object_size));
    }
  };
};

struct DeleteBucketLifecycle {
  static constexpr std::string_view kName = "DeleteBucketLifecycle";
  static constexpr wire::Route kRoute{"DELETE", "/{Bucket}", "lifecycle"};
  static constexpr int kStatus = 204;
  struct Input : BucketInput {
    static constexpr std::string_view kAction = "s3:PutLifecycleConfiguration";
    static constexpr auto members() { return bucket_members<Input>(); }
  };
  using Output = NoOutput;
};

}  // namespace localcloud::s3
