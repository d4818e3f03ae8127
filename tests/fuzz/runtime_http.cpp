// What a function's process says to the Runtime API.

#include "localcloud/services/lambda/runtime/http_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  localcloud::lambda::HttpReader reader(4096);
  for (std::size_t at = 0; at < input.size() && !reader.failed(); at += 11) {
    reader.feed(input.substr(at, 11));
    while (const auto request = reader.next()) CHECK(request->body.size() <= 4096);
  }
}
