#pragma once
// URI references, as far as "$id" and "$ref" need them (RFC 3986 §5). Pure.

#include <string>
#include <string_view>

namespace pipeline::schema {

// `reference` as seen from `base`. Neither need be well-formed: what comes out only has to be the same for the same.
std::string resolve_uri(std::string_view base, std::string_view reference);

// Splits at the first '#': the part before, and the part after (empty where there is none).
struct SplitUri {
  std::string document;
  std::string fragment;
};
SplitUri split_fragment(std::string_view uri);

}  // namespace pipeline::schema
