#pragma once
// The schemas of event types, as they lie in the bucket: schemas/<type>/<version>.json, cached by ETag. They may refer
// to each other (references.hpp).

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

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

  // The version, or the model's newest, with formats as the caller wants them; missing where nobody has put it there;
  // unusable where it doesn't compile, or what it refers to isn't there. An error only where S3 doesn't say and nothing
  // is remembered. `type` must be the name of a type.
  Task<Result<Entry>> get(std::string type, event::WantedVersion wanted, Formats formats, aws::CallOptions options);

 private:
  struct Document {
    json::Value value;
    std::size_t bytes;
  };
  static std::expected<Document, std::string> parse(const std::string& text);

  // A document, compiled with what it refers to. What that is never changes; what was missing may come.
  struct Compiled {
    std::shared_ptr<const Document> document;
    std::shared_ptr<const Schema> schema;
    std::string problem;
    bool is_whole = true;  // nothing that it refers to was missing
    base::Time compiled_at;
  };
  using Place = std::pair<std::string, Formats>;  // key
  Task<Result<Compiled>> compiled(const Place& place, std::shared_ptr<const Document> document,
                                  aws::CallOptions options);
  Task<Result<Compiled>> compile(const Place& place, std::shared_ptr<const Document> document,
                                 aws::CallOptions options);
  std::optional<Compiled> remembered(const Place& place) const;
  void remember(const Place& place, const Compiled& compiled);

  const cache::Settings settings_;
  const base::Clock& clock_;
  NewestVersions newest_;
  cache::EtagCache<Document> documents_;
  mutable std::mutex mutex_;
  std::map<Place, Compiled> compiled_;
};

}  // namespace pipeline::schema
