#include "cli/items.hpp"

namespace cli {

namespace {

json::Value plain_value(const json::Value& attribute) {
  if (!attribute.is_object() || attribute.as_object().size() != 1) return attribute;
  const auto& [kind, content] = *attribute.as_object().begin();
  if (kind == "N" && content.is_string()) return json::Number::from_text(content.as_string());
  if (kind == "NULL") return nullptr;
  if (kind == "M" && content.is_object()) return plain_item(content.as_object());
  if (kind == "L" && content.is_array()) {
    json::Array out;
    for (const json::Value& element : content.as_array()) out.push_back(plain_value(element));
    return out;
  }
  return content;
}

}  // namespace

json::Object plain_item(const json::Object& item) {
  json::Object out;
  for (const auto& [name, attribute] : item) out.append(name, plain_value(attribute));
  return out;
}

std::string_view text_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

std::int64_t number_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value && value->is_number() ? value->as_number().as_int64().value_or(0) : 0;
}

}  // namespace cli
