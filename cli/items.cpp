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

std::string remark_of(const json::Object& item) {
  const json::Value* const violations = item.find("violations");
  if (violations && violations->is_array() && !violations->as_array().empty()) {
    const json::Array& all = violations->as_array();
    std::string out = "violates " + std::string(all.front().get_string("keyword").value_or("")) + " " +
                      std::string(all.front().get_string("path").value_or(""));
    if (all.size() > 1) out += ", and " + std::to_string(all.size() - 1) + " more";
    return out;
  }
  std::string out;
  const json::Value* const omitted = item.find("omitted_properties");
  if (!omitted || !omitted->is_object()) return out;
  for (const auto& [pointer, value] : omitted->as_object()) out += (out.empty() ? "without " : ", ") + pointer;
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
