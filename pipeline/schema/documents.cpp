// Finding subschemas by URI.

#include "pipeline/schema/documents.hpp"

#include <array>
#include <optional>

#include "aws/sigv4.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/pointer.hpp"
#include "pipeline/schema/metaschemas.hpp"
#include "pipeline/schema/references.hpp"
#include "pipeline/schema/uri.hpp"

namespace pipeline::schema {

namespace {

constexpr std::array<std::string_view, 12> kSchemas = {"additionalItems",
                                                       "additionalProperties",
                                                       "contains",
                                                       "contentSchema",
                                                       "else",
                                                       "if",
                                                       "items",
                                                       "not",
                                                       "propertyNames",
                                                       "then",
                                                       "unevaluatedItems",
                                                       "unevaluatedProperties"};
constexpr std::array<std::string_view, 5> kSchemaLists = {"allOf", "anyOf", "oneOf", "prefixItems", "items"};
constexpr std::array<std::string_view, 6> kSchemaMaps = {
    "$defs", "definitions", "dependentSchemas", "patternProperties", "properties", "dependencies"};

bool is_schema(const json::Value& value) {
  return value.is_object() || value.is_bool();
}

// The last part of a vocabulary's URI, where it is one of the drafts'.
std::string_view vocabulary_name(std::string_view uri) {
  for (const std::string_view known :
       {"https://json-schema.org/draft/2019-09/vocab/", "https://json-schema.org/draft/2020-12/vocab/"}) {
    if (uri.starts_with(known)) return uri.substr(known.size());
  }
  return {};
}

}  // namespace

std::optional<Draft> draft_of(std::string_view uri) {
  if (uri.ends_with('#')) uri.remove_suffix(1);
  if (uri.starts_with("https://")) uri.remove_prefix(8);
  if (uri.starts_with("http://")) uri.remove_prefix(7);
  if (uri == "json-schema.org/draft/2020-12/schema") return Draft::draft2020_12;
  if (uri == "json-schema.org/draft/2019-09/schema") return Draft::draft2019_09;
  if (uri == "json-schema.org/draft-07/schema") return Draft::draft7;
  if (uri == "json-schema.org/draft-06/schema") return Draft::draft6;
  if (uri == "json-schema.org/draft-04/schema") return Draft::draft4;
  // Snowplow's own adds a member "self", which names the schema.
  if (uri == "iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0") return Draft::draft4;
  return std::nullopt;
}

std::expected<void, std::string> Documents::add(const json::Value& document, const std::string& uri) {
  const std::string base = split_fragment(uri).document;
  resources_.emplace(base, &document);
  return walk(document, Place{base, Dialect{draft_}});
}

const json::Value* Documents::find_document(const std::string& uri) {
  if (const auto found = registered_.find(uri); found != registered_.end()) return &found->second;
  if (const auto known = metaschemas_.find(uri); known != metaschemas_.end()) return &known->second;
  const auto text = find_metaschema(uri);
  if (!text) return nullptr;
  auto document = json::parse(*text);
  CHECK(document);
  return &metaschemas_.emplace(uri, *std::move(document)).first->second;
}

std::expected<Dialect, std::string> Documents::dialect_of(std::string_view schema_uri) {
  if (const auto draft = draft_of(schema_uri)) return Dialect{*draft};
  const json::Value* metaschema = find_document(split_fragment(schema_uri).document);
  const auto parent = metaschema ? metaschema->get_string("$schema") : std::nullopt;
  // A meta-schema of its own kind could go on for ever: its draft must be next.
  const auto draft = parent ? draft_of(*parent) : std::nullopt;
  if (!draft) return std::unexpected("unknown $schema \"" + std::string(schema_uri) + "\"");
  Dialect dialect{*draft};
  const json::Value* vocabularies = metaschema->find("$vocabulary");
  if (!vocabularies || !vocabularies->is_object()) return dialect;
  dialect.has_validation = false;
  for (const auto& [uri, is_required] : vocabularies->as_object()) {
    const std::string_view name = vocabulary_name(uri);
    if (name.empty() && is_required.is_bool() && is_required.as_bool())
      return std::unexpected("$schema needs the vocabulary \"" + uri + "\", which is not known");
    if (name == "validation") dialect.has_validation = true;
    if (name == "format-assertion") dialect.has_format_assertion = true;
  }
  return dialect;
}

void Documents::note_anchors(const json::Object& schema, const json::Value* value, const Place& place) {
  if (const json::Value* anchor = schema.find("$anchor"); anchor && anchor->is_string()) {
    anchors_.emplace(std::pair(place.base, anchor->as_string()), value);
  }
  if (const json::Value* anchor = schema.find("$dynamicAnchor"); anchor && anchor->is_string()) {
    anchors_.emplace(std::pair(place.base, anchor->as_string()), value);
    dynamic_anchors_.emplace(std::pair(place.base, anchor->as_string()), value);
  }
  if (const json::Value* anchor = schema.find("$recursiveAnchor"); anchor && anchor->is_bool() && anchor->as_bool()) {
    dynamic_anchors_.emplace(std::pair(place.base, std::string()), value);
  }
}

std::expected<void, std::string> Documents::walk(const json::Value& schema, Place place) {
  if (schema.is_bool()) {
    places_.emplace(&schema, std::move(place));
    return {};
  }
  if (!schema.is_object()) return {};
  const json::Object& object = schema.as_object();
  if (const json::Value* name = object.find("$schema"); name && name->is_string()) {
    const auto dialect = dialect_of(name->as_string());
    if (!dialect) return std::unexpected(dialect.error());
    place.dialect = *dialect;
  }
  const Draft draft = place.dialect.draft;
  const json::Value* id = object.find(draft == Draft::draft4 ? "id" : "$id");
  // Up to draft 7 a $ref hides its neighbours.
  const bool is_hidden = draft <= Draft::draft7 && object.contains("$ref");
  if (id && id->is_string() && !is_hidden) {
    const auto [document, fragment] = split_fragment(resolve_uri(place.base, id->as_string()));
    if (!document.empty() && !id->as_string().starts_with('#')) {
      place.base = document;
      resources_[document] = &schema;
    }
    if (!fragment.empty() && draft <= Draft::draft7) anchors_.emplace(std::pair(place.base, fragment), &schema);
  }
  note_anchors(object, &schema, place);
  places_.insert_or_assign(&schema, place);
  return walk_children(object, place);
}

std::expected<void, std::string> Documents::walk_children(const json::Object& schema, const Place& place) {
  for (const std::string_view name : kSchemas) {
    const json::Value* child = schema.find(name);
    if (child && is_schema(*child)) {
      if (auto done = walk(*child, place); !done) return done;
    }
  }
  for (const std::string_view name : kSchemaLists) {
    const json::Value* list = schema.find(name);
    if (!list || !list->is_array()) continue;
    for (const json::Value& child : list->as_array()) {
      if (auto done = walk(child, place); !done) return done;
    }
  }
  for (const std::string_view name : kSchemaMaps) {
    const json::Value* map = schema.find(name);
    if (!map || !map->is_object()) continue;
    for (const auto& [key, child] : map->as_object()) {
      if (auto done = walk(child, place); !done) return done;
    }
  }
  return {};
}

std::expected<const json::Value*, std::string> Documents::follow_pointer(const json::Value* root,
                                                                         std::string_view pointer,
                                                                         const std::string& uri) {
  const json::Value* at = root;
  Place place = place_of(root);
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto slash = pointer.find('/');
    const auto token = json::unescape_pointer(pointer.substr(0, slash));
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    const json::Value* next = nullptr;
    if (token && at->is_object()) next = at->as_object().find(*token);
    if (token && at->is_array()) {
      const auto index = base::to_number<std::size_t>(*token);
      if (index && *index < at->as_array().size()) next = &at->as_array()[*index];
    }
    if (!next) return std::unexpected("refers to \"" + uri + "\", which is not there");
    at = next;
    if (const auto known = places_.find(at); known != places_.end()) place = known->second;
  }
  if (!is_schema(*at)) return std::unexpected("refers to \"" + uri + "\", which is not a schema");
  // Under a keyword that we don't know, nothing was noted yet.
  if (!places_.contains(at)) {
    if (auto done = walk(*at, place); !done) return std::unexpected(done.error());
  }
  return at;
}

std::expected<const json::Value*, std::string> Documents::resolve(const std::string& uri) {
  const auto [document, encoded] = split_fragment(uri);
  auto resource = resources_.find(document);
  if (resource == resources_.end()) {
    const json::Value* found = find_document(document);
    if (!found) {
      const bool is_registered = document.starts_with(kRegistry);
      return std::unexpected("refers to \"" + uri + "\", which is not " +
                             (is_registered ? "registered" : "part of the schema; nothing is fetched"));
    }
    if (auto added = add(*found, document); !added) return std::unexpected(added.error());
    resource = resources_.find(document);
  }
  const std::string fragment = aws::uri_decode(encoded);
  if (fragment.empty()) return resource->second;
  if (fragment.starts_with('/')) return follow_pointer(resource->second, fragment, uri);
  const auto anchor = anchors_.find(std::pair(place_of(resource->second).base, fragment));
  if (anchor == anchors_.end()) return std::unexpected("refers to \"" + uri + "\", which is not there");
  return anchor->second;
}

const Place& Documents::place_of(const json::Value* schema) const {
  const auto found = places_.find(schema);
  CHECK(found != places_.end());
  return found->second;
}

bool Documents::is_dynamic_anchor(const std::string& base, const std::string& name) const {
  return dynamic_anchors_.contains(std::pair(base, name));
}

}  // namespace pipeline::schema
