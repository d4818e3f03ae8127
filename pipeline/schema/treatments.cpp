// The annotation "x-privacy": a schema's subschemas as a graph, read in the order in which they are met, instead of by
// recursion.

#include "pipeline/schema/treatments.hpp"

#include <algorithm>
#include <unordered_map>

#include "pipeline/schema/documents.hpp"
#include "pipeline/schema/uri.hpp"

namespace pipeline::schema {

std::optional<Treatment> treatment_of(std::string_view name) {
  if (name == "hash") return Treatment::hash;
  if (name == "mask") return Treatment::mask;
  if (name == "drop") return Treatment::drop;
  return std::nullopt;
}

class Treatments::Reader {
 public:
  Reader(Documents& documents, std::vector<Place>& places) : documents_(documents), places_(places) {}

  std::expected<void, std::string> read(const json::Value& root) {
    place_of(root);
    for (std::size_t next = 0; next < met_.size(); ++next) {
      if (!met_[next]->is_object()) continue;
      Place place;
      if (auto done = fill(place, *met_[next]); !done) return done;
      places_[next] = std::move(place);
    }
    return {};
  }

 private:
  std::uint32_t place_of(const json::Value& schema) {
    const auto [known, is_new] = numbers_.try_emplace(&schema, static_cast<std::uint32_t>(met_.size()));
    if (is_new) {
      met_.push_back(&schema);
      places_.emplace_back();
    }
    return known->second;
  }

  std::expected<void, std::string> fill(Place& place, const json::Value& schema) {
    if (const json::Value* const said = schema.find("x-privacy")) {
      place.treatment = said->is_string() ? treatment_of(said->as_string()) : std::nullopt;
      if (!place.treatment) return std::unexpected("\"x-privacy\" must be \"hash\", \"mask\" or \"drop\"");
    }
    read_members(place, schema);
    read_elements(place, schema);
    for (const char* const keyword : {"if", "then", "else"}) add_one(place.also, schema.find(keyword));
    for (const char* const keyword : {"allOf", "anyOf", "oneOf"}) add_list(place.also, schema.find(keyword));
    for (const char* const keyword : {"dependentSchemas", "dependencies"}) add_map(place.also, schema.find(keyword));
    for (const char* const keyword : {"$ref", "$dynamicRef", "$recursiveRef"}) {
      const json::Value* const reference = schema.find(keyword);
      if (!reference || !reference->is_string()) continue;
      const std::string& base = documents_.place_of(&schema).base;
      const auto target = documents_.resolve(resolve_uri(base, reference->as_string()));
      if (target) place.also.push_back(place_of(**target));
    }
    return {};
  }

  void read_members(Place& place, const json::Value& schema) {
    if (const json::Value* const named = schema.find("properties"); named && named->is_object()) {
      for (const auto& [name, member] : named->as_object()) place.named.emplace_back(name, place_of(member));
      std::ranges::sort(place.named);
    }
    if (const json::Value* const patterns = schema.find("patternProperties"); patterns && patterns->is_object()) {
      for (const auto& [text, member] : patterns->as_object()) {
        if (auto pattern = Pattern::compile(text)) place.patterns.emplace_back(*std::move(pattern), place_of(member));
      }
    }
    add_one(place.others, schema.find("additionalProperties"));
    add_one(place.others, schema.find("unevaluatedProperties"));
  }

  void read_elements(Place& place, const json::Value& schema) {
    const json::Value* const items = schema.find("items");
    add_list(place.first, schema.find("prefixItems"));
    add_list(place.first, items);
    add_one(place.rest, items);
    add_one(place.rest, schema.find("additionalItems"));
    add_one(place.rest, schema.find("unevaluatedItems"));
    add_one(place.every, schema.find("contains"));
  }

  void add_one(std::vector<std::uint32_t>& to, const json::Value* schema) {
    if (schema && schema->is_object()) to.push_back(place_of(*schema));
  }
  void add_list(std::vector<std::uint32_t>& to, const json::Value* schemas) {
    if (!schemas || !schemas->is_array()) return;
    for (const json::Value& schema : schemas->as_array()) to.push_back(place_of(schema));
  }
  void add_map(std::vector<std::uint32_t>& to, const json::Value* schemas) {
    if (!schemas || !schemas->is_object()) return;
    for (const auto& [name, schema] : schemas->as_object()) add_one(to, &schema);
  }

  Documents& documents_;
  std::vector<Place>& places_;
  std::vector<const json::Value*> met_;
  std::unordered_map<const json::Value*, std::uint32_t> numbers_;
};

std::expected<Treatments, std::string> Treatments::compile(const json::Value& schema, Documents& documents) {
  Treatments treatments;
  if (auto read = Reader(documents, treatments.places_).read(schema); !read) return std::unexpected(read.error());
  if (std::ranges::none_of(treatments.places_, [](const Place& place) { return place.treatment.has_value(); }))
    treatments.places_.clear();
  return treatments;
}

void Treatments::add(Places& places, std::uint32_t place) const {
  const std::size_t begin = places.size();
  if (std::ranges::find(places, place) == places.end()) places.push_back(place);
  for (std::size_t i = begin; i < places.size(); ++i) {
    for (const std::uint32_t other : places_[places[i]].also) {
      if (std::ranges::find(places, other) == places.end()) places.push_back(other);
    }
  }
}

Treatments::Places Treatments::root() const {
  Places places;
  if (!empty()) add(places, 0);
  return places;
}

Treatments::Places Treatments::member(const Places& object, std::string_view name) const {
  Places places;
  for (const std::uint32_t number : object) {
    const Place& place = places_[number];
    const auto named =
        std::ranges::lower_bound(place.named, name, {}, [](const auto& one) -> std::string_view { return one.first; });
    bool is_taken = named != place.named.end() && named->first == name;
    if (is_taken) add(places, named->second);
    for (const auto& [pattern, schema] : place.patterns) {
      if (!pattern.matches(name)) continue;
      is_taken = true;
      add(places, schema);
    }
    if (is_taken) continue;
    for (const std::uint32_t schema : place.others) add(places, schema);
  }
  return places;
}

Treatments::Places Treatments::element(const Places& array, std::size_t index) const {
  Places places;
  for (const std::uint32_t number : array) {
    const Place& place = places_[number];
    if (index < place.first.size()) {
      add(places, place.first[index]);
    } else {
      for (const std::uint32_t schema : place.rest) add(places, schema);
    }
    for (const std::uint32_t schema : place.every) add(places, schema);
  }
  return places;
}

std::optional<Treatment> Treatments::strictest(const Places& places) const {
  std::optional<Treatment> strictest;
  for (const std::uint32_t place : places) strictest = std::max(strictest, places_[place].treatment);
  return strictest;
}

}  // namespace pipeline::schema
