// Down from part to part.

#include "pipeline/parse_validate/pointer.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "json/pointer.hpp"

namespace pipeline::parse_validate {

namespace {

// "/a~1b/0" ▶ "a/b", "0"
std::vector<std::string> parts_of(std::string_view pointer) {
  std::vector<std::string> parts;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const std::string_view part = pointer.substr(0, end);
    parts.push_back(json::unescape_pointer(part).value_or(std::string(part)));
    pointer.remove_prefix(end);
  }
  return parts;
}

json::Value* element(json::Array& array, const std::string& part) {
  const auto index = base::to_number<std::size_t>(part);
  return index && *index < array.size() ? &array[*index] : nullptr;
}

json::Value* child(json::Value& value, const std::string& part) {
  if (value.is_object()) return value.as_object().find(part);
  return value.is_array() ? element(value.as_array(), part) : nullptr;
}

// {"M": {…}} and {"L": […]} are the containers.
json::Value* child_attribute(json::Value& attribute, const std::string& part) {
  if (!attribute.is_object()) return nullptr;
  json::Value* const map = attribute.as_object().find("M");
  if (map && map->is_object()) return map->as_object().find(part);
  json::Value* const list = attribute.as_object().find("L");
  return list && list->is_array() ? element(list->as_array(), part) : nullptr;
}

void put_at(json::Value& root, std::string_view pointer, const json::Value& value) {
  std::vector<std::string> parts = parts_of(pointer);
  if (parts.empty()) return;
  json::Value* at = &root;
  for (std::size_t i = 0; at && i + 1 < parts.size(); ++i) at = child_attribute(*at, parts[i]);
  json::Value* const map = at && at->is_object() ? at->as_object().find("M") : nullptr;
  if (map && map->is_object()) map->as_object().set(parts.back(), value);
}

}  // namespace

std::optional<json::Value> take_at(json::Object& root, std::string_view pointer) {
  const std::vector<std::string> parts = parts_of(pointer);
  if (parts.empty()) return std::nullopt;
  json::Object* object = &root;
  if (parts.size() > 1) {
    json::Value* at = root.find(parts.front());
    for (std::size_t i = 1; at && i + 1 < parts.size(); ++i) at = child(*at, parts[i]);
    if (!at || !at->is_object()) return std::nullopt;
    object = &at->as_object();
  }
  json::Value* const found = object->find(parts.back());
  if (!found) return std::nullopt;
  json::Value value = std::move(*found);
  object->erase(parts.back());
  return value;
}

json::Object put_back(json::Object map, const json::Object& omitted) {
  json::Value root = json::Object{{"M", std::move(map)}};
  // What lies in something that was omitted itself comes after it.
  std::vector<const json::Object::Member*> members;
  for (const json::Object::Member& member : omitted) members.push_back(&member);
  std::ranges::sort(members, {}, [](const json::Object::Member* member) { return std::string_view(member->first); });
  for (const json::Object::Member* member : members) put_at(root, member->first, member->second);
  return std::move(root.as_object().find("M")->as_object());
}

}  // namespace pipeline::parse_validate
