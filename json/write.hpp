#pragma once
// A Value to JSON text.

#include <string>
#include <string_view>

#include "json/value.hpp"

namespace json {

std::string write(const Value& value);         // no white space
std::string write_pretty(const Value& value);  // two spaces a level, a newline at the end
void write(std::string& out, const Value& value);
std::size_t written_size(const Value& value);  // of write(), which it doesn't do

// Appends text as a JSON string, quotes included; bytes above 0x7f as they are.
void write_string(std::string& out, std::string_view text);

}  // namespace json
