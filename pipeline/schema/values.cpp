// Types, equality of values, pointers.

#include "pipeline/schema/values.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "json/pointer.hpp"

namespace pipeline::schema {

namespace {

constexpr std::size_t kFew = 16;

// Equal values have equal hashes: numbers by value, members in any order.
std::size_t hash_of(const json::Value& value, Budget& budget) {
  const auto text_hash = [](std::string_view text) { return std::hash<std::string_view>{}(text); };
  budget.spend(1);
  if (value.is_string()) {
    budget.spend(value.as_string().size() / 256);
    return text_hash(value.as_string());
  }
  if (value.is_number()) return number_hash(value.as_number());
  std::size_t hash = text_hash(value.kind());
  if (value.is_bool()) return hash + (value.as_bool() ? 1 : 0);
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) hash = hash * 1'000'003 + hash_of(item, budget);
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.as_object()) hash += text_hash(name) * 31 + hash_of(member, budget);
  }
  return hash;
}

using Member = json::Object::Member;

std::vector<const Member*> by_name(const json::Object& object) {
  std::vector<const Member*> members;
  members.reserve(object.size());
  for (const Member& member : object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const Member* member) -> const std::string& { return member->first; });
  return members;
}

bool are_equal_objects(const json::Object& a, const json::Object& b, Budget& budget) {
  if (a.size() != b.size()) return false;
  budget.spend(a.size());
  const bool same_order = std::ranges::equal(a, b, {}, &Member::first, &Member::first);
  if (same_order || a.size() <= kFew) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const Member& member = *(a.begin() + static_cast<std::ptrdiff_t>(i));
      const json::Value* other =
          same_order ? &(b.begin() + static_cast<std::ptrdiff_t>(i))->second : b.find(member.first);
      if (!other || !are_equal(member.second, *other, budget)) return false;
    }
    return true;
  }
  const auto left = by_name(a), right = by_name(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i]->first != right[i]->first || !are_equal(left[i]->second, right[i]->second, budget)) return false;
  }
  return true;
}

}  // namespace

std::string pointer_to(const Location& location) {
  constexpr std::size_t kLengthMax = 1000;
  std::vector<const Location*> chain;
  for (const Location* at = &location; at->parent; at = at->parent) chain.push_back(at);
  std::string out;
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
    out += '/';
    if ((*at)->is_index) {
      out += std::to_string((*at)->index);
    } else {
      out += json::escape_pointer((*at)->name.substr(0, kLengthMax));
    }
    if (out.size() > kLengthMax) return shorten(std::move(out), kLengthMax);
  }
  return out;
}

std::string shorten(std::string text, std::size_t length_max) {
  if (text.size() <= length_max) return text;
  std::size_t end = length_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

bool Members::has(const std::string& name) {
  if (object_.size() <= 2 * kFew) return object_.contains(name);
  if (names_.empty()) {
    for (const Member& member : object_) names_.insert(member.first);
  }
  return names_.contains(name);
}

std::string type_names(std::uint8_t types) {
  constexpr std::pair<std::uint8_t, std::string_view> kNames[] = {
      {kNull, "null"},     {kBoolean, "boolean"}, {kNumber, "number"}, {kInteger, "integer"},
      {kString, "string"}, {kArray, "array"},     {kObject, "object"}};
  std::string out;
  for (const auto& [bit, name] : kNames) {
    if (!(types & bit) || (bit == kInteger && (types & kNumber))) continue;
    if (!out.empty()) out += " or ";
    out += name;
  }
  return out;
}

bool are_equal(const json::Value& a, const json::Value& b, Budget& budget) {
  budget.spend(a.is_string() ? 1 + a.as_string().size() / 1024 : 1);
  if (a.is_object() && b.is_object()) return are_equal_objects(a.as_object(), b.as_object(), budget);
  if (a.is_array() && b.is_array()) {
    return std::ranges::equal(a.as_array(), b.as_array(), [&](const json::Value& left, const json::Value& right) {
      return are_equal(left, right, budget);
    });
  }
  return a == b;
}

std::optional<std::pair<std::size_t, std::size_t>> find_equal(const json::Array& items, Budget& budget) {
  if (items.size() <= kFew) {
    for (std::size_t i = 1; i < items.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (are_equal(items[j], items[i], budget)) return std::pair(j, i);
      }
    }
    return std::nullopt;
  }
  std::unordered_multimap<std::size_t, std::size_t> seen;
  for (std::size_t i = 0; i < items.size() && !budget.is_spent(); ++i) {
    const std::size_t hash = hash_of(items[i], budget);
    const auto [begin, end] = seen.equal_range(hash);
    for (auto at = begin; at != end; ++at) {
      if (are_equal(items[at->second], items[i], budget)) return std::pair(at->second, i);
      if (budget.is_spent()) return std::nullopt;
    }
    seen.emplace(hash, i);
  }
  return std::nullopt;
}

}  // namespace pipeline::schema
