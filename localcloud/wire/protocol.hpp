#pragma once
// How each protocol's bytes become an Encoded request. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "localcloud/wire/codec.hpp"

namespace localcloud::wire {

// Fills request.document from the body of an awsJson, awsQuery, restJson or CBOR request.
Result<Done> parse_document(Encoded& request, std::string_view body);

// A form's members as a tree: "Data.member.1.Name=a" ▶ {"Data":{"member":{"1":{"Name":"a"}}}}. Nothing where it is
// malformed, deeper than 16 or has more than 10,000 parameters.
std::optional<json::Value> parse_form(std::string_view form);

}  // namespace localcloud::wire
