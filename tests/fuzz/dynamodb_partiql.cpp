// PartiQL statements.

#include "localcloud/services/dynamodb/partiql/statement.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  static_cast<void>(localcloud::dynamodb::parse_statement(input, {}));
}
