#pragma once
// The newest version of each model of a schema, as the bucket lists them: schemas/<type>/<model>-….json.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/event/schema_version.hpp"

namespace pipeline::schema {

// Thread-safe.
class NewestVersions {
 public:
  NewestVersions(cache::Settings settings, aws::Client& client, const base::Clock& clock)
      : settings_(std::move(settings)), client_(client), clock_(clock) {}

  using Newest = std::optional<event::SchemaVersion>;  // nothing where the model has no version

  // As it is, or was not longer ago than the settings allow. Where S3 doesn't answer, what is remembered goes on being
  // used; an error only where nothing is. `type` must be the name of a type. Of a model's versions 10,000 are looked
  // at.
  Task<Result<Newest>> get(std::string type, std::int64_t model, aws::CallOptions options);

 private:
  struct Remembered {
    Newest newest;
    base::Time checked_at;
  };
  using Place = std::pair<std::string, std::int64_t>;  // type, model

  std::optional<Remembered> remembered(const Place& place) const;
  void remember(const Place& place, Newest newest);
  Task<Result<Newest>> look(const std::string& prefix, aws::CallOptions options);

  const cache::Settings settings_;
  aws::Client& client_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::map<Place, Remembered> entries_;
};

// "schemas/click/1-0-2.json"
std::string schema_key(std::string_view type, const event::SchemaVersion& version);
// The version that such a key is of; nothing where it is of none.
std::optional<event::SchemaVersion> version_of_key(std::string_view key);

}  // namespace pipeline::schema
