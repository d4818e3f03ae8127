#pragma once
// Lifecycle rules: which may be, which objects they are about, and when those expire. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "localcloud/services/s3/objects/tags.hpp"

namespace localcloud::s3 {

// A rule's filter, whichever of AWS's forms it came in: all that is here must hold.
struct LifecycleFilter {
  std::optional<std::string> prefix;
  Tags tags;
  std::optional<std::int64_t> size_greater_than;
  std::optional<std::int64_t> size_less_than;
};

struct LifecycleRule {
  std::string id;
  bool enabled = false;
  LifecycleFilter filter;
  bool prefix_in_rule = false;  // AWS's older form: the prefix stands in the rule itself, without a filter
  std::optional<std::int32_t> expiration_days;
  std::optional<base::Time> expiration_date;
  std::optional<bool> expired_object_delete_marker;
  std::optional<std::int32_t> abort_upload_days;
};

// What a rule looks at.
struct LifecycleSubject {
  std::string_view key;
  std::uint64_t size = 0;
  base::Time last_modified;
  const Tags& tags;
};

inline constexpr std::size_t kLifecycleRulesMax = 1000;

// Refuses what AWS refuses, and gives an id to each rule that has none.
Result<std::vector<LifecycleRule>> check_lifecycle(std::vector<LifecycleRule> rules, base::Ids& ids);

bool is_about(const LifecycleFilter& filter, const LifecycleSubject& subject);

// Midnight UTC after the object has been there for that many days.
base::Time expiry_after_days(base::Time last_modified, std::int32_t days);

struct Expiry {
  base::Time at;
  std::string rule_id;
};
// When the object expires, by the rule that is first to let it; nothing where no enabled rule does.
std::optional<Expiry> expiry_of(const std::vector<LifecycleRule>& rules, const LifecycleSubject& subject);

// The x-amz-expiration header: expiry-date="Fri, 23 Dec 2012 00:00:00 GMT", rule-id="raw".
std::string expiration_header(const Expiry& expiry);

}  // namespace localcloud::s3
