#pragma once
// The formats of strings that are asserted. Pure.

#include <string_view>

namespace pipeline::schema {

using FormatCheck = bool (*)(std::string_view text);

// The check of a format, or nullptr for one that is only an annotation here.
FormatCheck find_format(std::string_view name);

}  // namespace pipeline::schema
