#pragma once
// Items of the table as plain JSON. Pure.

#include <string>
#include <string_view>

#include "json/value.hpp"

namespace cli {

// {"n": {"N": "1"}} becomes {"n": 1}.
json::Object plain_item(const json::Object& item);

// What is remarkable about an event of the table: "violates type /properties/a, and 2 more", "without /b, /c"; empty
// where nothing is.
std::string remark_of(const json::Object& item);

// A member that is text; empty where it is missing or something else.
std::string_view text_of(const json::Object& object, std::string_view name);

// A member that is a whole number; 0 where it is missing or something else.
std::int64_t number_of(const json::Object& object, std::string_view name);

}  // namespace cli
