// Schemas from the bucket.

#include "pipeline/schema/registry.hpp"

#include "json/parse.hpp"
#include "pipeline/schema/references.hpp"

namespace pipeline::schema {

std::expected<Registry::Document, std::string> Registry::parse(const std::string& text) {
  auto value = json::parse(text);
  if (!value) return std::unexpected("not JSON: " + value.error().describe());
  return Document{.value = *std::move(value), .bytes = text.size()};
}

Registry::Registry(cache::Settings settings, aws::Client& client, const base::Clock& clock)
    : settings_(settings),
      clock_(clock),
      newest_(settings, client, clock),
      documents_(std::move(settings), &Registry::parse, client, clock) {}

Task<Result<Registry::Entry>> Registry::get(std::string type, event::WantedVersion wanted, Formats formats,
                                            aws::CallOptions options) {
  Entry entry{.version = wanted.text(), .value = nullptr, .problem = {}};
  NewestVersions::Newest version = wanted.exact;
  if (!version) {
    const auto newest = co_await newest_.get(type, wanted.model, options);
    if (!newest) co_return failure(newest.error());
    version = *newest;
  }
  if (!version) co_return entry;
  entry.version = version->text();
  const Place place(schema_key(type, *version), formats);
  const auto document = co_await documents_.get(place.first, options);
  if (!document) co_return failure(document.error());
  entry.problem = document->problem;
  if (!document->value) co_return entry;
  const auto done = co_await compiled(place, document->value, options);
  if (!done) co_return failure(done.error());
  entry.value = done->schema;
  entry.problem = done->problem;
  co_return entry;
}

Task<Result<Registry::Compiled>> Registry::compiled(const Place& place, std::shared_ptr<const Document> document,
                                                    aws::CallOptions options) {
  const std::optional<Compiled> before = remembered(place);
  const bool is_same = before && before->document == document;
  if (is_same && (before->is_whole || clock_.now() - before->compiled_at < settings_.missing_for)) co_return *before;
  Result<Compiled> done = co_await compile(place, std::move(document), options);
  if (done) {
    remember(place, *done);
  } else if (is_same) {
    done = *before;
  }
  co_return done;
}

Task<Result<Registry::Compiled>> Registry::compile(const Place& place, std::shared_ptr<const Document> document,
                                                   aws::CallOptions options) {
  Compiled compiled{.document = document, .schema = nullptr, .problem = {}, .compiled_at = clock_.now()};
  const std::string address = registry_address(place.first);
  References references(document->value, address);
  std::optional<std::string> next = references.next();
  while (next) {
    const auto found = co_await documents_.get(*next, options);
    if (!found) co_return failure(found.error());
    if (found->value) {
      references.found(found->value->value, found->value->bytes);
    } else {
      references.missing(found->problem);
    }
    next = references.next();
  }
  compiled.is_whole = references.is_whole();
  compiled.problem = references.problem();
  if (!compiled.problem.empty()) co_return compiled;
  auto schema = Schema::compile(document->value,
                                {.formats = place.second, .address = address, .documents = references.documents()});
  if (schema) {
    compiled.schema = std::make_shared<const Schema>(*std::move(schema));
  } else {
    compiled.problem = schema.error();
  }
  co_return compiled;
}

std::optional<Registry::Compiled> Registry::remembered(const Place& place) const {
  const std::lock_guard lock(mutex_);
  const auto found = compiled_.find(place);
  return found == compiled_.end() ? std::nullopt : std::optional(found->second);
}

void Registry::remember(const Place& place, const Compiled& compiled) {
  const std::lock_guard lock(mutex_);
  if (compiled_.size() >= settings_.entries_max && !compiled_.contains(place)) compiled_.clear();
  compiled_.insert_or_assign(place, compiled);
}

}  // namespace pipeline::schema
