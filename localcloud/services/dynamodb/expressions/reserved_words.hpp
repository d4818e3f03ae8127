#pragma once
// The words that an expression may not use as attribute names.

#include <string_view>

namespace localcloud::dynamodb {

bool is_reserved(std::string_view word);  // in any case of letters

}  // namespace localcloud::dynamodb
