#pragma once
// A JSON document on its way between two parts of this process: as text or as a value, whichever its maker had. Who
// takes it asks for the form that it needs, so what both have as a value is neither written nor parsed.

#include <expected>
#include <string>
#include <variant>

#include "json/parse.hpp"
#include "json/value.hpp"

namespace json {

class Document {
 public:
  Document() = default;                                     // empty text, which is no JSON
  Document(std::string text) : form_(std::move(text)) {}    // may be no JSON
  Document(const char* text) : form_(std::string(text)) {}  // likewise
  Document(Value value) : form_(std::move(value)) {}
  Document(Object value) : form_(Value(std::move(value))) {}

  // The value, where that is the form; else null.
  const Value* as_value() const { return std::get_if<Value>(&form_); }
  bool empty() const { return form_.index() == 0 && std::get<0>(form_).empty(); }
  std::size_t size() const;  // of the text

  std::string text() const&;
  std::string text() &&;
  std::expected<Value, ParseError> value() &&;

 private:
  std::variant<std::string, Value> form_;
};

}  // namespace json
