#pragma once
// The parts of a JSON pointer (RFC 6901): "/a~1b/0" leads to the first of what lies under "a/b". Pure.

#include <optional>
#include <string>
#include <string_view>

namespace json {

// A member's name as a part of a pointer: "a/b" is "a~1b", "a~b" is "a~0b".
std::string escape_pointer(std::string_view name);

// The name again; nothing where another character follows a ~, or none.
std::optional<std::string> unescape_pointer(std::string_view part);

}  // namespace json
