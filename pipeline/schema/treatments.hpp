#pragma once
// Where a schema says how a value is stored: the annotation "x-privacy", which is "hash", "mask" or "drop". Validation
// doesn't see it.
//
// A value is treated where any subschema that speaks of it says so, whichever alternative the value was valid by: what
// an `anyOf`, a `then` or a `$ref` marks is never stored plain. `not` and `propertyNames` describe no value and mark
// none.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "pipeline/schema/pattern.hpp"

namespace pipeline::schema {

// What becomes of a value, the mildest first.
enum class Treatment : std::uint8_t {
  hash,  // a pseudonym takes its place: equal values stay equal
  mask,  // a mark that says only that there was a value
  drop,  // it is left out
};
std::optional<Treatment> treatment_of(std::string_view name);

class Documents;

// Immutable, thread-safe.
class Treatments {
 public:
  // The schema must have been compiled from the same documents. What is wrong with an annotation, where one is.
  static std::expected<Treatments, std::string> compile(const json::Value& schema, Documents& documents);

  bool empty() const { return places_.empty(); }  // there is no such annotation

  // Those subschemas, by number, that speak of one value.
  using Places = std::vector<std::uint32_t>;
  Places root() const;
  Places member(const Places& object, std::string_view name) const;
  Places element(const Places& array, std::size_t index) const;
  // The strictest of what they say of the value.
  std::optional<Treatment> strictest(const Places& places) const;

 private:
  struct Place {
    std::optional<Treatment> treatment;
    std::vector<std::pair<std::string, std::uint32_t>> named;  // by name
    std::vector<std::pair<Pattern, std::uint32_t>> patterns;
    std::vector<std::uint32_t> others;  // of members that neither a name nor a pattern takes
    std::vector<std::uint32_t> first;   // of the first elements
    std::vector<std::uint32_t> rest;    // of those after them
    std::vector<std::uint32_t> every;   // of each element
    std::vector<std::uint32_t> also;    // speak of the same value
  };
  class Reader;

  void add(Places& places, std::uint32_t place) const;  // with those that speak of the same value

  std::vector<Place> places_;  // the first is the root's
};

}  // namespace pipeline::schema
