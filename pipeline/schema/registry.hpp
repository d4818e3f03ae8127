#pragma once
// The schemas of event types, as they lie in the bucket: schemas/<type>/<version>.json, cached by ETag.

#include <string>
#include <string_view>

#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {

// Thread-safe.
class Registry {
 public:
  using Entry = cache::EtagCache<Schema>::Entry;

  Registry(cache::Settings settings, aws::Client& client, const base::Clock& clock);

  // The schema; missing for a type or version that nobody has put there; unusable where it doesn't compile. An error
  // only where S3 doesn't say and nothing is remembered. `type` must be the name of a type.
  Task<Result<Entry>> get(std::string type, std::int64_t version, aws::CallOptions options);

 private:
  cache::EtagCache<Schema> cache_;
};

std::string schema_key(std::string_view type, std::int64_t version);

}  // namespace pipeline::schema
