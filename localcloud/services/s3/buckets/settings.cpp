// Configurations are kept as JSON with AWS's names.

#include "localcloud/services/s3/buckets/settings.hpp"

#include "aws/dates.hpp"
#include "base/check.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/s3/errors.hpp"

namespace localcloud::s3 {
namespace {

json::Value parse_own(std::string_view text) {
  auto value = json::parse(text);
  CHECK(value.has_value());
  return *std::move(value);
}

std::optional<std::string> text_of(const json::Value& value, std::string_view name) {
  const auto text = value.get_string(name);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

json::Array tags_value(const Tags& tags) {
  json::Array array;
  for (const Tag& tag : tags) array.push_back(json::Object{{"Key", tag.key}, {"Value", tag.value}});
  return array;
}

Tags tags_of(const json::Value* array) {
  Tags tags;
  if (!array) return tags;
  for (const json::Value& tag : array->as_array()) {
    tags.push_back({text_of(tag, "Key").value_or(""), text_of(tag, "Value").value_or("")});
  }
  return tags;
}

template <class T>
void set_if_any(json::Object& object, std::string_view name, const std::optional<T>& value) {
  if (value) object.set(name, json::Value(*value));
}

// Lifecycle filters

Result<LifecycleFilter> filter_from(const LifecycleFilterShape& shape) {
  const int single = int{shape.prefix.has_value()} + int{shape.tag.has_value()} +
                     int{shape.object_size_greater_than.has_value()} + int{shape.object_size_less_than.has_value()};
  if (!shape.all_of) {
    if (single > 1) return failure(malformed_xml());
    LifecycleFilter filter{.prefix = shape.prefix,
                           .size_greater_than = shape.object_size_greater_than,
                           .size_less_than = shape.object_size_less_than};
    if (shape.tag) filter.tags.push_back({shape.tag->key, shape.tag->value});
    return filter;
  }
  const LifecycleAndShape& all_of = *shape.all_of;
  const std::size_t parts = std::size_t{all_of.prefix.has_value()} + (all_of.tags ? all_of.tags->size() : 0) +
                            std::size_t{all_of.object_size_greater_than.has_value()} +
                            std::size_t{all_of.object_size_less_than.has_value()};
  if (single > 0 || parts < 2) return failure(malformed_xml());
  return LifecycleFilter{.prefix = all_of.prefix,
                         .tags = from_shape(all_of.tags.value_or(std::vector<TagShape>{})),
                         .size_greater_than = all_of.object_size_greater_than,
                         .size_less_than = all_of.object_size_less_than};
}

LifecycleFilterShape filter_shape(const LifecycleFilter& filter) {
  const std::size_t parts = std::size_t{filter.prefix.has_value()} + filter.tags.size() +
                            std::size_t{filter.size_greater_than.has_value()} +
                            std::size_t{filter.size_less_than.has_value()};
  LifecycleFilterShape shape;
  if (parts <= 1) {
    shape.prefix = filter.prefix;
    if (!filter.tags.empty()) shape.tag = TagShape{filter.tags[0].key, filter.tags[0].value};
    shape.object_size_greater_than = filter.size_greater_than;
    shape.object_size_less_than = filter.size_less_than;
    return shape;
  }
  LifecycleAndShape& all_of = shape.all_of.emplace();
  all_of.prefix = filter.prefix;
  if (!filter.tags.empty()) all_of.tags = to_shape(filter.tags);
  all_of.object_size_greater_than = filter.size_greater_than;
  all_of.object_size_less_than = filter.size_less_than;
  return shape;
}

Result<Done> refuse_absent_actions(const LifecycleRuleShape& shape) {
  if (shape.transitions) return failure(not_implemented("Transition", "The lifecycle action Transition"));
  if (shape.noncurrent_version_transitions) {
    return failure(not_implemented("NoncurrentVersionTransition", "The lifecycle action NoncurrentVersionTransition"));
  }
  if (shape.noncurrent_version_expiration) {
    return failure(not_implemented("NoncurrentVersionExpiration", "The lifecycle action NoncurrentVersionExpiration"));
  }
  return Done{};
}

Result<LifecycleRule> rule_from(const LifecycleRuleShape& shape) {
  TRY(refuse_absent_actions(shape));
  if (shape.status != "Enabled" && shape.status != "Disabled") return failure(malformed_xml());
  if (shape.filter.has_value() == shape.prefix.has_value()) return failure(malformed_xml());
  LifecycleRule rule{.id = shape.id.value_or(""), .enabled = shape.status == "Enabled"};
  if (shape.filter) {
    rule.filter = TRY(filter_from(*shape.filter));
  } else {
    rule.filter.prefix = shape.prefix;
    rule.prefix_in_rule = true;
  }
  if (shape.expiration) {
    rule.expiration_days = shape.expiration->days;
    if (shape.expiration->date) rule.expiration_date = shape.expiration->date->time;
    rule.expired_object_delete_marker = shape.expiration->expired_object_delete_marker;
  }
  if (shape.abort_incomplete_multipart_upload) {
    rule.abort_upload_days = shape.abort_incomplete_multipart_upload->days_after_initiation;
    if (!rule.abort_upload_days) return failure(malformed_xml());
  }
  return rule;
}

LifecycleRule rule_from_json(const json::Value& value) {
  LifecycleRule rule{.id = text_of(value, "ID").value_or(""), .enabled = value.get_bool("Enabled").value_or(false)};
  rule.filter.prefix = text_of(value, "Prefix");
  rule.filter.tags = tags_of(value.find("Tags"));
  rule.filter.size_greater_than = value.get_int64("ObjectSizeGreaterThan");
  rule.filter.size_less_than = value.get_int64("ObjectSizeLessThan");
  rule.prefix_in_rule = value.get_bool("PrefixInRule").value_or(false);
  if (const auto days = value.get_int64("Days")) rule.expiration_days = static_cast<std::int32_t>(*days);
  if (const auto date = value.get_int64("Date")) rule.expiration_date = base::from_unix_s(*date);
  rule.expired_object_delete_marker = value.get_bool("ExpiredObjectDeleteMarker");
  if (const auto days = value.get_int64("DaysAfterInitiation")) {
    rule.abort_upload_days = static_cast<std::int32_t>(*days);
  }
  return rule;
}

}  // namespace

Result<std::vector<LifecycleRule>> from_shape(const LifecycleConfiguration& shape) {
  std::vector<LifecycleRule> rules;
  for (const LifecycleRuleShape& rule : shape.rules) rules.push_back(TRY(rule_from(rule)));
  return rules;
}

std::vector<LifecycleRuleShape> to_shape(const std::vector<LifecycleRule>& rules) {
  std::vector<LifecycleRuleShape> shapes;
  for (const LifecycleRule& rule : rules) {
    LifecycleRuleShape& shape = shapes.emplace_back();
    shape.id = rule.id;
    shape.status = rule.enabled ? "Enabled" : "Disabled";
    if (rule.prefix_in_rule) {
      shape.prefix = rule.filter.prefix;
    } else {
      shape.filter = filter_shape(rule.filter);
    }
    if (rule.expiration_days || rule.expiration_date || rule.expired_object_delete_marker) {
      LifecycleExpirationShape& expiration = shape.expiration.emplace();
      expiration.days = rule.expiration_days;
      if (rule.expiration_date) expiration.date = wire::Timestamp{*rule.expiration_date};
      expiration.expired_object_delete_marker = rule.expired_object_delete_marker;
    }
    if (rule.abort_upload_days) shape.abort_incomplete_multipart_upload = AbortUploadShape{rule.abort_upload_days};
  }
  return shapes;
}

std::string to_text(const std::vector<LifecycleRule>& rules) {
  json::Array array;
  for (const LifecycleRule& rule : rules) {
    json::Object object{{"ID", rule.id}, {"Enabled", rule.enabled}};
    set_if_any(object, "Prefix", rule.filter.prefix);
    if (!rule.filter.tags.empty()) object.set("Tags", tags_value(rule.filter.tags));
    set_if_any(object, "ObjectSizeGreaterThan", rule.filter.size_greater_than);
    set_if_any(object, "ObjectSizeLessThan", rule.filter.size_less_than);
    if (rule.prefix_in_rule) object.set("PrefixInRule", true);
    set_if_any(object, "Days", rule.expiration_days);
    if (rule.expiration_date) object.set("Date", base::to_unix_s(*rule.expiration_date));
    set_if_any(object, "ExpiredObjectDeleteMarker", rule.expired_object_delete_marker);
    set_if_any(object, "DaysAfterInitiation", rule.abort_upload_days);
    array.push_back(std::move(object));
  }
  return json::write(array);
}

std::vector<LifecycleRule> lifecycle_from_text(std::string_view text) {
  std::vector<LifecycleRule> rules;
  const json::Value parsed = parse_own(text);
  for (const json::Value& rule : parsed.as_array()) rules.push_back(rule_from_json(rule));
  return rules;
}

// Tags

Tags from_shape(const std::vector<TagShape>& shape) {
  Tags tags;
  for (const TagShape& tag : shape) tags.push_back({tag.key, tag.value});
  return tags;
}

std::vector<TagShape> to_shape(const Tags& tags) {
  std::vector<TagShape> shape;
  for (const Tag& tag : tags) shape.push_back({tag.key, tag.value});
  return shape;
}

std::string to_text(const Tags& tags) {
  return json::write(tags_value(tags));
}

Tags tags_from_text(std::string_view text) {
  const json::Value parsed = parse_own(text);
  return tags_of(&parsed);
}

// Public access blocks

std::string to_text(const PublicAccessBlock& block) {
  return json::write(json::Object{{"BlockPublicAcls", block.block_public_acls.value_or(false)},
                                  {"IgnorePublicAcls", block.ignore_public_acls.value_or(false)},
                                  {"BlockPublicPolicy", block.block_public_policy.value_or(false)},
                                  {"RestrictPublicBuckets", block.restrict_public_buckets.value_or(false)}});
}

PublicAccessBlock public_access_block_from_text(std::string_view text) {
  const json::Value value = parse_own(text);
  return {.block_public_acls = value.get_bool("BlockPublicAcls"),
          .ignore_public_acls = value.get_bool("IgnorePublicAcls"),
          .block_public_policy = value.get_bool("BlockPublicPolicy"),
          .restrict_public_buckets = value.get_bool("RestrictPublicBuckets")};
}

PublicAccessBlock default_public_access_block() {
  return {true, true, true, true};
}

// Encryption

Result<Done> check_encryption(const EncryptionConfiguration& configuration) {
  if (configuration.rules.size() != 1) return failure(malformed_xml());
  const EncryptionRule& rule = configuration.rules.front();
  if (!rule.by_default) return failure(malformed_xml());
  const std::string& algorithm = rule.by_default->sse_algorithm;
  if (algorithm.starts_with("aws:")) {
    return failure(not_implemented("SSEAlgorithm", "Server-side encryption with " + algorithm));
  }
  if (algorithm != "AES256") return failure(malformed_xml());
  if (rule.by_default->kms_master_key_id) {
    return failure(invalid_argument(
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
        "ApplyServerSideEncryptionByDefault", *rule.by_default->kms_master_key_id));
  }
  return Done{};
}

std::string to_text(const EncryptionConfiguration& configuration) {
  return json::write(json::Object{{"SSEAlgorithm", configuration.rules.at(0).by_default->sse_algorithm},
                                  {"BucketKeyEnabled", configuration.rules[0].bucket_key_enabled.value_or(false)}});
}

EncryptionConfiguration encryption_from_text(std::string_view text) {
  const json::Value value = parse_own(text);
  EncryptionConfiguration configuration;
  EncryptionRule& rule = configuration.rules.emplace_back();
  rule.by_default.emplace().sse_algorithm = text_of(value, "SSEAlgorithm").value_or("AES256");
  rule.bucket_key_enabled = value.get_bool("BucketKeyEnabled");
  return configuration;
}

EncryptionConfiguration default_encryption() {
  return encryption_from_text("{\"BucketKeyEnabled\":false}");
}

}  // namespace localcloud::s3
