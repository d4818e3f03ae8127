// Single members of an event.

#include "pipeline/event/fields.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "pipeline/event/timestamp.hpp"

namespace pipeline::event {

namespace {

bool has_control_character(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

}  // namespace

std::optional<Fields::Found> Fields::find(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const json::Value* value = event_.find(name);
    if (value && !value->is_null()) return Found{name, value};
  }
  return std::nullopt;
}

std::string Fields::id(std::initializer_list<std::string_view> names, std::size_t bytes_max) {
  const auto found = find(names);
  if (!found) return {};
  const std::string path = "/" + std::string(found->name);
  if (found->value->is_number() && found->value->as_number().is_integral()) {
    if (const auto number = found->value->as_number().as_int64()) return std::to_string(*number);
  }
  if (!found->value->is_string()) {
    refuse(path, "type", fmt::format("must be a string, is {}", found->value->kind()));
    return {};
  }
  const std::string& text = found->value->as_string();
  if (text.empty()) {
    // SDKs send "" for "no user"; of an id it is a mistake, but a harmless one, since another is derived.
    return {};
  }
  if (text.size() > bytes_max) {
    refuse(path, "maxLength", fmt::format("must be at most {} bytes, is {}", bytes_max, text.size()));
    return {};
  }
  if (has_control_character(text)) {
    refuse(path, "pattern", "must not hold control characters");
    return {};
  }
  return text;
}

std::optional<base::Time> Fields::time(std::initializer_list<std::string_view> names) {
  const auto found = find(names);
  if (!found) return std::nullopt;
  std::optional<base::Time> time;
  if (found->value->is_string()) time = parse_client_time(found->value->as_string());
  if (found->value->is_number()) time = from_client_number(found->value->as_number());
  if (!time) {
    refuse("/" + std::string(found->name), "format",
           "must be an RFC 3339 date-time with an offset, or a number of seconds, milliseconds or microseconds since "
           "1970");
  }
  return time;
}

json::Object Fields::object(std::string_view name) {
  const auto found = find({name});
  if (!found) return {};
  if (!found->value->is_object()) {
    refuse("/" + std::string(name), "type", fmt::format("must be an object, is {}", found->value->kind()));
    return {};
  }
  return found->value->as_object();
}

std::optional<std::string> Fields::text(std::string_view name) {
  const auto found = find({name});
  if (!found) return std::nullopt;
  if (!found->value->is_string()) {
    refuse("/" + std::string(name), "type", fmt::format("must be a string, is {}", found->value->kind()));
    return std::nullopt;
  }
  return found->value->as_string();
}

void Fields::refuse(std::string path, std::string keyword, std::string message) {
  if (reasons_.size() < kReasonsMax) reasons_.push_back({std::move(path), std::move(keyword), std::move(message)});
}

std::string_view text_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

std::string type_of(std::string_view name) {
  // What SDKs suggest to call what has a type of its own here.
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"signed_up", "signup"}, {"signed_in", "login"}, {"signed_out", "logout"}};
  std::string type = snake_case(name);
  for (const auto& [suggested, ours] : kNames) {
    if (type == suggested) type = ours;
  }
  return type;
}

std::string read_type(Fields& fields, std::string_view path, std::string_view name, std::span<const Alias> aliases) {
  if (name.empty()) {
    fields.refuse(std::string(path), "required", "must name its event");
    return {};
  }
  for (const Alias& alias : aliases) {
    if (name == alias.theirs) return std::string(alias.ours);
  }
  std::string type = type_of(name);
  if (is_type_name(type)) return type;
  fields.refuse(std::string(path), "pattern",
                "the event's name must hold an ASCII letter or digit and be at most 128 characters");
  return {};
}

Sorted sort_properties(const json::Object& from, std::string_view prefix, std::span<const Alias> aliases) {
  Sorted sorted;
  std::vector<std::pair<std::string_view, const json::Value*>> renamed;
  for (const auto& [name, value] : from) {
    if (value.is_null()) continue;
    const auto alias = std::ranges::find(aliases, std::string_view(name), &Alias::theirs);
    if (alias != aliases.end()) {
      renamed.emplace_back(alias->ours, &value);
    } else if (name.starts_with(prefix)) {
      sorted.details.append(name.substr(prefix.size()), value);
    } else {
      sorted.properties.append(name, value);
    }
  }
  for (const auto& [name, value] : renamed) sorted.properties.set(name, *value);
  return sorted;
}

bool is_type_name(std::string_view text) {
  constexpr std::size_t kLengthMax = 128;
  if (text.empty() || text.size() > kLengthMax) return false;
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!is_word(text[0])) return false;
  for (const char c : text) {
    if (!is_word(c) && c != '_' && c != '.' && c != '-') return false;
  }
  return true;
}

}  // namespace pipeline::event
