// DynamoDB's numbers: text to number and back is the same number, and encoded numbers sort as they do.

#include "localcloud/services/dynamodb/number.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using localcloud::dynamodb::Number;
  const auto number = Number::parse(input);
  if (!number) return;
  const auto again = Number::parse(number->text());
  CHECK(again && *again == *number);
  std::string zero, encoded;
  Number().append_ordered(zero);
  number->append_ordered(encoded);
  CHECK((encoded < zero) == (number->sign() < 0));
}
