#pragma once
// The schemas of event types, as they lie in the bucket: schemas/<type>/<version>.json, cached by ETag.

#include <memory>
#include <string>

#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/event/schema_version.hpp"
#include "pipeline/schema/newest_versions.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {

// Thread-safe.
class Registry {
 public:
  Registry(cache::Settings settings, aws::Client& client, const base::Clock& clock);

  // What judges events.
  struct Entry {
    std::string version;                  // "1-0-2"; of a model without versions the model
    std::shared_ptr<const Schema> value;  // null where it is missing or unusable
    std::string problem;                  // why it is unusable; empty where it is missing
    bool is_missing() const { return !value && problem.empty(); }
  };

  // The version, or the model's newest; missing where nobody has put it there; unusable where it doesn't compile. An
  // error only where S3 doesn't say and nothing is remembered. `type` must be the name of a type.
  Task<Result<Entry>> get(std::string type, event::WantedVersion wanted, aws::CallOptions options);

 private:
  NewestVersions newest_;
  cache::EtagCache<Schema> schemas_;
};

}  // namespace pipeline::schema
