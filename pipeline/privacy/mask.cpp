// Rules and annotations, followed into a value together.

#include "pipeline/privacy/mask.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "json/pointer.hpp"
#include "pipeline/privacy/pseudonym.hpp"

namespace pipeline::privacy {

Mask::Mask(const Rules* rules, const schema::Treatments* treatments, std::string_view source, std::string_view type)
    : treatments_(treatments && !treatments->empty() ? treatments : nullptr) {
  if (treatments_) properties_.places = treatments_->root();
  if (!rules) return;
  for (const Rule& rule : *rules) {
    if (!rule.source.empty() && rule.source != source) continue;
    if (!rule.type.empty() && rule.type != type) continue;
    (rule.part == Part::context ? context_ : properties_).cursors.push_back({.rule = &rule, .step = 0});
  }
}

Position Mask::step(const Position& from, std::string_view name) const {
  Position to;
  for (const auto& [rule, step] : from.cursors) {
    if (step == rule->steps.size()) continue;
    if (rule->steps[step] == kAny || rule->steps[step] == name) to.cursors.push_back({.rule = rule, .step = step + 1});
  }
  return to;
}

Position Mask::member(const Position& object, std::string_view name) const {
  Position to = step(object, name);
  if (!object.places.empty()) to.places = treatments_->member(object.places, name);
  return to;
}

Position Mask::element(const Position& array, std::size_t index) const {
  Position to = step(array, std::to_string(index));
  if (!array.places.empty()) to.places = treatments_->element(array.places, index);
  return to;
}

std::optional<Treatment> Mask::treatment_at(const Position& position) const {
  for (const auto& [rule, step] : position.cursors) {
    if (step == rule->steps.size()) return rule->treatment;
  }
  return position.places.empty() ? std::nullopt : treatments_->strictest(position.places);
}

bool Mask::drops(json::Value& value, const Position& position, std::string_view key, bool& is_changed) const {
  if (position.is_nowhere()) return false;
  const auto treatment = treatment_at(position);
  if (!treatment) {
    if (value.is_object()) is_changed = apply(value.as_object(), position, key) || is_changed;
    if (value.is_array()) is_changed = apply(value.as_array(), position, key) || is_changed;
    return false;
  }
  if (*treatment == Treatment::drop) {
    is_changed = true;
    return true;
  }
  if (value.is_null()) return false;
  is_changed = true;
  value = *treatment == Treatment::hash ? json::Value(pseudonym(key, value)) : json::Value("***");
  return false;
}

bool Mask::apply(json::Object& object, const Position& position, std::string_view key) const {
  bool is_changed = false;
  std::vector<bool> is_dropped(object.size());
  for (std::size_t i = 0; auto& [name, value] : object) {
    is_dropped[i++] = drops(value, member(position, name), key, is_changed);
  }
  if (std::ranges::find(is_dropped, true) == is_dropped.end()) return is_changed;
  json::Object left;
  for (std::size_t i = 0; auto& [name, value] : object) {
    if (!is_dropped[i++]) left.append(std::move(name), std::move(value));
  }
  object = std::move(left);
  return true;
}

bool Mask::apply(json::Array& array, const Position& position, std::string_view key) const {
  bool is_changed = false;
  json::Array left;
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (!drops(array[i], element(position, i), key, is_changed)) left.push_back(std::move(array[i]));
  }
  array = std::move(left);
  return is_changed;
}

bool Mask::apply(event::Event& event, std::string_view key) const {
  bool is_changed = !properties_.is_nowhere() && apply(event.properties, properties_, key);
  if (!context_.is_nowhere()) is_changed = apply(event.context, context_, key) || is_changed;
  return is_changed;
}

bool Mask::apply_by_pointer(json::Object& taken, std::string_view key) const {
  bool is_changed = false;
  json::Object left;
  for (auto& [pointer, value] : taken) {
    Position position = properties_;
    follow(pointer, position);
    if (!drops(value, position, key, is_changed)) left.append(std::move(pointer), std::move(value));
  }
  taken = std::move(left);
  return is_changed;
}

std::size_t Mask::follow(std::string_view pointer, Position& position) const {
  std::size_t from = 0;
  while (from < pointer.size() && !position.is_nowhere()) {
    const auto end = std::min(pointer.find('/', from + 1), pointer.size());
    const std::string_view part = pointer.substr(from + 1, end - from - 1);
    const std::string name = json::unescape_pointer(part).value_or(std::string(part));  // a long one ends anywhere
    Position next = member(position, name);
    // Whether an object or an array lay here isn't known any more.
    if (const auto index = base::to_number<std::size_t>(name); index && !position.places.empty()) {
      for (const std::uint32_t place : treatments_->element(position.places, *index)) next.places.push_back(place);
    }
    position = std::move(next);
    from = end;
    if (treatment_at(position)) return end;
  }
  return pointer.size();
}

void Mask::shorten(std::vector<event::Reason>& reasons, const event::Event& event) const {
  if (is_empty()) return;
  const auto shorten = [this](std::string& path, std::size_t from, Position position) {
    path.resize(from + follow(std::string_view(path).substr(from), position));
  };
  const auto begins = [](const std::string& path, std::string_view part) {
    return path.starts_with(part) && path.size() > part.size() && path[part.size()] == '/';
  };
  constexpr std::string_view kContext = "/context";
  for (event::Reason& reason : reasons) {
    if (begins(reason.path, event.properties_path)) {
      shorten(reason.path, event.properties_path.size(), properties_);
    } else if (begins(reason.path, kContext)) {
      shorten(reason.path, kContext.size(), context_);
    }
  }
}

}  // namespace pipeline::privacy
