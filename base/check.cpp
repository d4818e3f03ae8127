#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace base {

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "event-pipeline: %s:%d: expected %s\n", file, line, condition);
  std::abort();
}

}  // namespace base
