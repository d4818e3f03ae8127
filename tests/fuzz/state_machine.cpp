// State machine definitions, the paths and the intrinsic functions within them.

#include "localcloud/services/stepfunctions/asl/definition.hpp"
#include "localcloud/services/stepfunctions/asl/expression.hpp"
#include "localcloud/services/stepfunctions/asl/path.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::stepfunctions;
  const auto definition = asl::parse_definition(input);
  CHECK(definition || !definition.error().empty());
  static_cast<void>(asl::Expression::parse(input));
  const auto path = asl::Path::parse(input);
  if (path) static_cast<void>(path->evaluate(json::Object{{"a", json::Array{1, 2, json::Object{{"b", "c"}}}}}));
}
