// Compressed requests: never more than the size that was allowed.

#include "localcloud/wire/gzip.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  constexpr std::size_t kSizeMax = 1 << 20;
  const auto bytes = localcloud::wire::gunzip(input, kSizeMax);
  CHECK(!bytes || bytes->size() <= kSizeMax);
}
