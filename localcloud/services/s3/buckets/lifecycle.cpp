#include "localcloud/services/s3/buckets/lifecycle.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "aws/dates.hpp"
#include "localcloud/services/s3/errors.hpp"
#include "localcloud/services/s3/objects/listing.hpp"

namespace localcloud::s3 {
namespace {

using std::chrono::days;

Result<Done> check_filter(const LifecycleFilter& filter) {
  if (filter.prefix && filter.prefix->size() > 1024) {
    return failure(invalid_request("The maximum size of a prefix is 1024."));
  }
  TRY(check_tags(filter.tags, kObjectTagsMax));
  const auto at_least_zero = [](const std::optional<std::int64_t>& size) { return !size || *size >= 0; };
  if (!at_least_zero(filter.size_greater_than) || !at_least_zero(filter.size_less_than)) {
    return failure(malformed_xml());
  }
  if (filter.size_greater_than && filter.size_less_than && *filter.size_less_than <= *filter.size_greater_than) {
    return failure(invalid_request("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."));
  }
  return Done{};
}

Result<Done> check_rule(const LifecycleRule& rule) {
  if (rule.id.size() > 255) {
    return failure(invalid_argument("ID length should not exceed allowed limit of 255", "ID", rule.id));
  }
  const int expirations = int{rule.expiration_days.has_value()} + int{rule.expiration_date.has_value()} +
                          int{rule.expired_object_delete_marker.has_value()};
  if (expirations > 1) return failure(malformed_xml());
  if (expirations == 0 && !rule.abort_upload_days) {
    return failure(invalid_request("At least one action needs to be specified in a rule"));
  }
  if (rule.expiration_days && *rule.expiration_days <= 0) {
    return failure(invalid_argument("'Days' for Expiration action must be a positive integer", "Days",
                                    std::to_string(*rule.expiration_days)));
  }
  if (rule.expiration_date && std::chrono::floor<days>(*rule.expiration_date) != *rule.expiration_date) {
    return failure(
        invalid_argument("'Date' must be at midnight GMT", "Date", aws::format_rfc3339_ms(*rule.expiration_date)));
  }
  if (rule.abort_upload_days && *rule.abort_upload_days <= 0) {
    return failure(
        invalid_argument("'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
                         "DaysAfterInitiation", std::to_string(*rule.abort_upload_days)));
  }
  if (rule.abort_upload_days && !rule.filter.tags.empty()) {
    return failure(invalid_request("AbortIncompleteMultipartUpload cannot be specified with Tags."));
  }
  return check_filter(rule.filter);
}

}  // namespace

Result<std::vector<LifecycleRule>> check_lifecycle(std::vector<LifecycleRule> rules, base::Ids& ids) {
  if (rules.empty() || rules.size() > kLifecycleRulesMax) return failure(malformed_xml());
  std::set<std::string> seen;
  for (LifecycleRule& rule : rules) {
    TRY(check_rule(rule));
    if (rule.id.empty()) rule.id = ids.uuid();
    if (!seen.insert(rule.id).second) {
      return failure(invalid_argument("Rule ID must be unique. Found same ID for more than one rule", "ID", rule.id));
    }
  }
  return rules;
}

bool is_about(const LifecycleFilter& filter, const LifecycleSubject& subject) {
  const auto size = static_cast<std::int64_t>(subject.size);
  if (filter.prefix && !subject.key.starts_with(*filter.prefix)) return false;
  if (filter.size_greater_than && size <= *filter.size_greater_than) return false;
  if (filter.size_less_than && size >= *filter.size_less_than) return false;
  return std::ranges::all_of(
      filter.tags, [&](const Tag& tag) { return std::ranges::find(subject.tags, tag) != subject.tags.end(); });
}

base::Time expiry_after_days(base::Time last_modified, std::int32_t count) {
  return std::chrono::floor<days>(last_modified) + days{count} + days{1};
}

std::optional<Expiry> expiry_of(const std::vector<LifecycleRule>& rules, const LifecycleSubject& subject) {
  std::optional<Expiry> first;
  for (const LifecycleRule& rule : rules) {
    if (!rule.enabled || !is_about(rule.filter, subject)) continue;
    std::optional<base::Time> at = rule.expiration_date;
    if (rule.expiration_days) at = expiry_after_days(subject.last_modified, *rule.expiration_days);
    if (at && (!first || *at < first->at)) first = Expiry{*at, rule.id};
  }
  return first;
}

std::string expiration_header(const Expiry& expiry) {
  return fmt::format("expiry-date=\"{}\", rule-id=\"{}\"", aws::format_http_date(expiry.at),
                     encode_key(expiry.rule_id));
}

}  // namespace localcloud::s3
