// Schemas from the bucket.

#include "pipeline/schema/registry.hpp"

#include <fmt/core.h>

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
    : cache_(std::move(settings), &parse_schema, client, clock) {}

Task<Result<Registry::Entry>> Registry::get(std::string type, std::int64_t version, aws::CallOptions options) {
  Result<Entry> entry = co_await cache_.get(schema_key(type, version), options);
  co_return entry;
}

std::string schema_key(std::string_view type, std::int64_t version) {
  return fmt::format("schemas/{}/{}.json", type, version);
}

}  // namespace pipeline::schema
