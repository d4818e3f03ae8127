#pragma once
// The documents that a schema may refer to: which URI each subschema has, where its anchors are, which draft it is of.

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "json/value.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {

// What "$schema" says: a draft, or a meta-schema that picks of a draft's vocabularies.
struct Dialect {
  Draft draft = Draft::draft2020_12;
  bool has_validation = true;         // type, enum, minimum, required, …
  bool has_format_assertion = false;  // the meta-schema wants formats asserted
};

struct Place {
  std::string base;  // the URI against which its references resolve, without a fragment
  Dialect dialect = {};
};

// The draft that a "$schema" names; nothing where it is none's own meta-schema.
std::optional<Draft> draft_of(std::string_view schema_uri);

// Points into the documents it was given, which must outlive it.
class Documents {
 public:
  // `draft` is that of documents that don't say.
  Documents(const std::map<std::string, json::Value>& registered, Draft draft)
      : registered_(registered), draft_(draft) {}

  // Notes the document's subschemas. The URI is that under which it was given; an "$id" adds another.
  std::expected<void, std::string> add(const json::Value& document, const std::string& uri);

  // The schema that an absolute URI names: in a document that was added, in a registered one, or in a meta-schema.
  std::expected<const json::Value*, std::string> resolve(const std::string& uri);

  const Place& place_of(const json::Value* schema) const;
  // Whether the URI names a "$dynamicAnchor" (or, as the name "", a "$recursiveAnchor": true).
  bool is_dynamic_anchor(const std::string& base, const std::string& name) const;
  // (base, name) → schema.
  const std::map<std::pair<std::string, std::string>, const json::Value*>& dynamic_anchors() const {
    return dynamic_anchors_;
  }

 private:
  const json::Value* find_document(const std::string& uri);
  std::expected<Dialect, std::string> dialect_of(std::string_view schema_uri);
  std::expected<void, std::string> walk(const json::Value& schema, Place place);
  std::expected<void, std::string> walk_children(const json::Object& schema, const Place& place);
  void note_anchors(const json::Object& schema, const json::Value* value, const Place& place);
  std::expected<const json::Value*, std::string> follow_pointer(const json::Value* root, std::string_view pointer,
                                                                const std::string& uri);

  const std::map<std::string, json::Value>& registered_;
  const Draft draft_;
  std::map<std::string, json::Value> metaschemas_;  // those that were referred to
  std::unordered_map<const json::Value*, Place> places_;
  std::map<std::string, const json::Value*> resources_;
  std::map<std::pair<std::string, std::string>, const json::Value*> anchors_;
  std::map<std::pair<std::string, std::string>, const json::Value*> dynamic_anchors_;
};

}  // namespace pipeline::schema
