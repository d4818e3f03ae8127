// Schemas from the bucket.

#include "pipeline/schema/registry.hpp"

#include "json/parse.hpp"

namespace pipeline::schema {

namespace {

std::expected<Schema, std::string> parse_schema(const std::string& text) {
  const auto document = json::parse(text);
  if (!document) return std::unexpected("not JSON: " + document.error().describe());
  return Schema::compile(*document);
}

}  // namespace

Registry::Registry(cache::Settings settings, aws::Client& client, const base::Clock& clock)
    : newest_(settings, client, clock), schemas_(std::move(settings), &parse_schema, client, clock) {}

Task<Result<Registry::Entry>> Registry::get(std::string type, event::WantedVersion wanted, aws::CallOptions options) {
  Entry entry{.version = wanted.text(), .value = nullptr, .problem = {}};
  NewestVersions::Newest version = wanted.exact;
  if (!version) {
    const auto newest = co_await newest_.get(type, wanted.model, options);
    if (!newest) co_return failure(newest.error());
    version = *newest;
  }
  if (!version) co_return entry;
  entry.version = version->text();
  const auto found = co_await schemas_.get(schema_key(type, *version), options);
  if (!found) co_return failure(found.error());
  entry.value = found->value;
  entry.problem = found->problem;
  co_return entry;
}

}  // namespace pipeline::schema
