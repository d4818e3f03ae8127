#pragma once
// How much memory JSON values take: their text says little, for two bytes of it can be forty here.

#include <cstddef>
#include <string>

#include "json/value.hpp"

namespace localcloud::stepfunctions::asl {

// What it has allocated, at most; itself is not counted.
std::size_t heap_bytes(const std::string& text);
std::size_t heap_bytes(const json::Value& value);

}  // namespace localcloud::stepfunctions::asl
