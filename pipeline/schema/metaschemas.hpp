#pragma once
// The schemas of schemas, one for each draft and vocabulary: what a "$ref" may name without its being registered.
// https://json-schema.org/specification

#include <optional>
#include <string_view>

namespace pipeline::schema {

// The JSON text of the meta-schema of that absolute URI, given without a fragment.
std::optional<std::string_view> find_metaschema(std::string_view uri);

}  // namespace pipeline::schema
