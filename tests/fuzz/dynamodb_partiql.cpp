// PartiQL statements; an INSERT's form says what the statement does.

#include "base/check.hpp"
#include "localcloud/services/dynamodb/partiql/statement.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::dynamodb;
  static_cast<void>(parse_statement(input, std::nullopt));
  const std::optional<InsertForm> form = parse_insert_form(input);
  if (!form) return;
  const std::vector<ValueInput> parameters(form->attributes.size(), {.value = "a", .problem = std::nullopt});
  CHECK(form->check(parameters));
  const auto statement = parse_statement(input, parameters);
  CHECK(statement);
  const InsertStatement filled = form->fill(parameters);
  const auto& parsed = std::get<InsertStatement>(*statement);
  CHECK(filled.table == parsed.table && filled.item == parsed.item);
}
