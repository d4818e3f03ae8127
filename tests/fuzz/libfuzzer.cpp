// A fuzz target under libFuzzer (the preset `fuzz`): build/fuzz/bin/fuzz/<name> tests/fuzz/corpus/<name>

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
