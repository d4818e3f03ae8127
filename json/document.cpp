#include "json/document.hpp"

#include "json/write.hpp"

namespace json {

std::size_t Document::size() const {
  const Value* const value = as_value();
  return value ? written_size(*value) : std::get<0>(form_).size();
}

std::string Document::text() const& {
  const Value* const value = as_value();
  return value ? write(*value) : std::get<0>(form_);
}

std::string Document::text() && {
  const Value* const value = as_value();
  return value ? write(*value) : std::get<0>(std::move(form_));
}

std::expected<Value, ParseError> Document::value() && {
  if (as_value()) return std::get<1>(std::move(form_));
  return parse(std::get<0>(form_));
}

}  // namespace json
