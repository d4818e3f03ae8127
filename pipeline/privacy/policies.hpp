#pragma once
// config/privacy.json and config/pseudonym_key as they lie in the bucket, cached by ETag.

#include <memory>
#include <string>

#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/privacy/rules.hpp"

namespace pipeline::privacy {

inline constexpr std::string_view kRulesKey = "config/privacy.json";
inline constexpr std::string_view kPseudonymKey = "config/pseudonym_key";

// Thread-safe.
class Policies {
 public:
  Policies(cache::Settings settings, aws::Client& client, const base::Clock& clock);

  // None (not null) where there is no such object. An error where the object can't be used, worth retrying: an event
  // whose rules nobody can read must not be stored plain.
  Task<Result<std::shared_ptr<const Rules>>> rules(aws::CallOptions options);
  // The key of pseudonyms; an error where there is none.
  Task<Result<std::shared_ptr<const std::string>>> key(aws::CallOptions options);

 private:
  cache::EtagCache<Rules> rules_;
  cache::EtagCache<std::string> key_;
};

}  // namespace pipeline::privacy
