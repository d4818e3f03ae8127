// JSON text: what parses is written back as text that parses to the same value.

#include "json/parse.hpp"
#include "json/write.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  const auto value = json::parse(input);
  if (!value) {
    CHECK(value.error().offset <= input.size());
    return;
  }
  const auto again = json::parse(json::write(*value));
  CHECK(again && *again == *value);
}
