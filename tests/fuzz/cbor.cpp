// CBOR bodies: what is read is a value that JSON can hold.

#include "localcloud/wire/cbor.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  const auto value = localcloud::wire::parse_cbor(input);
  if (value) json::write(*value);
}
