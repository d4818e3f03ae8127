// Filter patterns of CloudWatch Logs, and lines of any kind under those that parse.

#include "localcloud/services/logs/filter/pattern.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  const auto pattern = localcloud::logs::filter::Pattern::parse(input);
  if (!pattern) return;
  for (const std::string_view line :
       {std::string_view(R"({"a":{"b":[1,"x"]},"level":"ERROR"})"), std::string_view("ERROR [x] 1 2 3"), input}) {
    pattern->matches(line);
  }
}
