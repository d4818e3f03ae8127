// REST XML bodies.

#include "json/write.hpp"
#include "localcloud/wire/rest_xml.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  const auto value = localcloud::wire::parse_xml(input);
  if (value) json::write(value->content);
}
