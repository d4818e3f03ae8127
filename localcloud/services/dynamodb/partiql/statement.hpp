#pragma once
// PartiQL, as much of it as is here: INSERT INTO "table" VALUE {…}, and SELECT … FROM "table"."index" WHERE … ORDER BY
// ….

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "localcloud/services/dynamodb/attribute_value.hpp"
#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/partiql/lexer.hpp"

namespace localcloud::dynamodb {

struct InsertStatement {
  std::string table;
  Item item;
};

struct SelectStatement {
  std::string table;
  std::optional<std::string> index;
  std::vector<Path> columns;  // none: all
  std::optional<Condition> where;
  std::optional<std::string> order_by;
  enum class Order { ascending, descending } order = Order::ascending;
};

using Statement = std::variant<InsertStatement, SelectStatement>;

// Every ? takes the next of the parameters, all of which must be taken.
Result<Statement> parse_statement(std::string_view text, const std::vector<ValueInput>& parameters);

// Parses the statements of a batch one after the other: most batches have one text with many parameters, and its tokens
// are made once. One thread at a time.
class StatementReader {
 public:
  Result<Statement> read(std::string_view text, const std::optional<std::vector<ValueInput>>& parameters);

 private:
  std::string text_;
  std::optional<Result<std::vector<partiql::Token>>> tokens_;
};

// The table and index that a statement means and whether it writes, without its parameters: what access is asked for.
struct StatementTarget {
  bool inserts = false;
  std::string table;
  std::optional<std::string> index;
};
std::optional<StatementTarget> find_target(std::string_view text);

}  // namespace localcloud::dynamodb
