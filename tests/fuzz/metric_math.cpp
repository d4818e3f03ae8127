// Metric math.

#include "localcloud/services/metrics/math/expression.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::metrics::math;
  const auto expression = Expression::parse("e1", input);
  if (!expression) return;
  static_cast<void>(expression->evaluate(
      {.find = [](std::string_view) -> const Value* { return nullptr; }, .metrics = {}, .periods = {}}));
}
