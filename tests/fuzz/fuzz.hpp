#pragma once
// A fuzz target is one file that defines fuzz(): it gives a parser any bytes and checks what must always hold. The
// driver runs it over its corpus and mutations of it, under the sanitizers with the preset `dev`.

#include <string_view>

#include "base/check.hpp"

void fuzz(std::string_view input);
