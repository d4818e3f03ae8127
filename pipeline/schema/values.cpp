// Types, equality of items, pointers.

#include "pipeline/schema/values.hpp"

#include <functional>
#include <unordered_map>

#include "pipeline/schema/program.hpp"

namespace pipeline::schema {

namespace {

// Equal values have equal hashes: numbers by value, members in any order.
std::size_t hash_of(const json::Value& value) {
  const auto text_hash = [](std::string_view text) { return std::hash<std::string_view>{}(text); };
  if (value.is_string()) return text_hash(value.as_string());
  if (value.is_number()) return std::hash<double>{}(value.as_number().as_double() + 0.0);
  std::size_t hash = text_hash(value.kind());
  if (value.is_bool()) return hash + (value.as_bool() ? 1 : 0);
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) hash = hash * 1'000'003 + hash_of(item);
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.as_object()) hash += text_hash(name) * 31 + hash_of(member);
  }
  return hash;
}

}  // namespace

void append_pointer(std::string& out, const Location* location) {
  if (!location || !location->parent) return;
  append_pointer(out, location->parent);
  out += '/';
  if (location->is_index) {
    out += std::to_string(location->index);
    return;
  }
  for (const char c : location->name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
}

std::uint32_t type_of(const json::Value& value) {
  if (value.is_null()) return kNull;
  if (value.is_bool()) return kBoolean;
  if (value.is_number()) return value.as_number().is_integral() ? kNumber | kInteger : kNumber;
  if (value.is_string()) return kString;
  return value.is_array() ? kArray : kObject;
}

std::string type_names(std::uint32_t mask) {
  constexpr std::pair<std::uint32_t, std::string_view> kNames[] = {
      {kNull, "null"},     {kBoolean, "boolean"}, {kNumber, "number"}, {kInteger, "integer"},
      {kString, "string"}, {kArray, "array"},     {kObject, "object"}};
  std::string out;
  for (const auto& [bit, name] : kNames) {
    if (!(mask & bit) || (bit == kInteger && (mask & kNumber))) continue;
    if (!out.empty()) out += " or ";
    out += name;
  }
  return out;
}

std::optional<std::pair<std::size_t, std::size_t>> find_equal(const json::Array& items) {
  std::unordered_multimap<std::size_t, std::size_t> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t hash = hash_of(items[i]);
    const auto [begin, end] = seen.equal_range(hash);
    for (auto at = begin; at != end; ++at) {
      if (items[at->second] == items[i]) return std::pair(at->second, i);
    }
    seen.emplace(hash, i);
  }
  return std::nullopt;
}

}  // namespace pipeline::schema
