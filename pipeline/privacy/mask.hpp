#pragma once
// What becomes of the values of an event: the rules of its source and type, and what its schema says, carried out.

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/event/event.hpp"
#include "pipeline/privacy/rules.hpp"
#include "pipeline/schema/treatments.hpp"

namespace pipeline::privacy {

// Where a value lies, as far as rules and schema have something to say of it.
struct Position {
  struct Cursor {
    const Rule* rule;
    std::size_t step;  // how many of the rule's steps are behind
  };
  std::vector<Cursor> cursors = {};  // in the order of the rules
  schema::Treatments::Places places = {};

  bool is_nowhere() const { return cursors.empty() && places.empty(); }
};

class Mask {
 public:
  // `rules` and `treatments`, either of which may be null, must outlive it.
  Mask(const Rules* rules, const schema::Treatments* treatments, std::string_view source, std::string_view type);

  bool is_empty() const { return properties_.is_nowhere() && context_.is_nowhere(); }

  // Whether anything of the event was changed. A hash is privacy::pseudonym under the key, a mask "***"; a null stays
  // null, unless it is dropped.
  bool apply(event::Event& event, std::string_view key) const;
  // The same for what was taken out of the properties: values by their JSON pointers.
  bool apply_by_pointer(json::Object& taken, std::string_view key) const;

  // Cuts the reasons' paths behind whatever would be treated: the names of members that lie within it are part of it.
  void shorten(std::vector<event::Reason>& reasons, const event::Event& event) const;

 private:
  Position member(const Position& object, std::string_view name) const;
  Position element(const Position& array, std::size_t index) const;
  Position step(const Position& from, std::string_view name) const;  // without places
  std::optional<Treatment> treatment_at(const Position& position) const;
  bool apply(json::Object& object, const Position& position, std::string_view key) const;
  bool apply(json::Array& array, const Position& position, std::string_view key) const;
  // Whether the value is to be left out; `is_changed` is set where something of it is.
  bool drops(json::Value& value, const Position& position, std::string_view key, bool& is_changed) const;
  // Down a JSON pointer, whose parts may name members or elements, until something is to be treated; how much of the
  // pointer is behind then, or all of it.
  std::size_t follow(std::string_view pointer, Position& position) const;

  const schema::Treatments* treatments_;
  Position properties_;
  Position context_;
};

}  // namespace pipeline::privacy
