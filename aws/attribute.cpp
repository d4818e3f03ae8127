// Attribute values.

#include "aws/attribute.hpp"

#include <utility>

#include "json/write.hpp"

namespace aws {

void append_attribute(std::string& out, const json::Value& value) {
  if (value.is_null()) {
    out += R"({"NULL":true})";
  } else if (value.is_bool()) {
    out += value.as_bool() ? R"({"BOOL":true})" : R"({"BOOL":false})";
  } else if (value.is_number()) {
    out.append(R"({"N":")").append(value.as_number().text()) += R"("})";
  } else if (value.is_string()) {
    out += R"({"S":)";
    json::write_string(out, value.as_string());
    out += '}';
  } else if (value.is_array()) {
    out += R"({"L":[)";
    for (bool first = true; const json::Value& element : value.as_array()) {
      if (!std::exchange(first, false)) out += ',';
      append_attribute(out, element);
    }
    out += "]}";
  } else {
    out += R"({"M":{)";
    for (bool first = true; const auto& [name, member] : value.as_object()) {
      if (!std::exchange(first, false)) out += ',';
      json::write_string(out, name);
      out += ':';
      append_attribute(out, member);
    }
    out += "}}";
  }
}

}  // namespace aws
