#pragma once
// Members by JSON pointer (RFC 6901): taken out of an event's properties, and put back. Pure.

#include <optional>
#include <string_view>

#include "json/value.hpp"

namespace pipeline::parse_validate {

// Takes the member of an object, in whatever it lies, out of `root`. Nothing where it isn't there, or is an element of
// an array.
std::optional<json::Value> take_at(json::Object& root, std::string_view pointer);

// The same map with what lies in `omitted`, by pointer, back where it was. Both are in DynamoDB's JSON form, each as
// the members of an M.
json::Object put_back(json::Object map, const json::Object& omitted);

}  // namespace pipeline::parse_validate
