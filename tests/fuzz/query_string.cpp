// Query strings and forms.

#include "localcloud/wire/http/message.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  localcloud::wire::http::parse_query(input);
}
