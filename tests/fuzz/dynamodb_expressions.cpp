// Condition, projection and update expressions.

#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/expressions/projection.hpp"
#include "localcloud/services/dynamodb/expressions/update.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::dynamodb;
  Substitutions none;
  static_cast<void>(parse_condition(input, "FilterExpression", none));
  static_cast<void>(parse_projection(input, none));
  static_cast<void>(parse_update(input, none));
}
