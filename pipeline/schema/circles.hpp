#pragma once
// Whether a program could go on for ever at one place of a value.

#include "pipeline/schema/program.hpp"

namespace pipeline::schema {

// A chain of references and alternatives that comes back to where it began without going into a member or an item.
// Dynamic references are left out: what they name is known only in a value.
bool has_circle(const Program& program);

}  // namespace pipeline::schema
