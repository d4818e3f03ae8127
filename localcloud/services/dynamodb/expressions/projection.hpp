#pragma once
// ProjectionExpression: the paths that a read answers.

#include <string_view>
#include <vector>

#include "localcloud/services/dynamodb/expressions/path.hpp"
#include "localcloud/services/dynamodb/expressions/substitutions.hpp"

namespace localcloud::dynamodb {

Result<std::vector<Path>> parse_projection(std::string_view text, Substitutions& substitutions);

}  // namespace localcloud::dynamodb
