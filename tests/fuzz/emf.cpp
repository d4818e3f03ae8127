// Embedded Metric Format: any line, and what it adds.

#include "localcloud/services/metrics/emf/emf.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::metrics;
  Increments increments;
  emf::extract(input, {}, base::Time(std::chrono::seconds(1767225600)), increments);
}
