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

using Parameters = std::optional<std::vector<ValueInput>>;  // as requests have them

// Every ? takes the next of the parameters, all of which must be taken.
Result<Statement> parse_statement(std::string_view text, Parameters parameters);

// An INSERT whose attributes are all parameters, INSERT INTO "t" VALUE {'a': ?, 'b': ?}, before it is given any. What
// is inserted by the thousand has few texts, so each is parsed once and its form kept (FormCache).
struct InsertForm {
  std::string table;
  struct Attribute {
    std::string name;
    std::size_t parameter;
    bool operator<(const Attribute& other) const { return name < other.name; }
  };
  std::vector<Attribute> attributes;  // sorted, as an Item is

  // The error of these parameters, if there is one: the one that parse_statement() would answer.
  Result<Done> check(const Parameters& parameters) const;
  // The parameters must have passed the check.
  InsertStatement fill(Parameters parameters) const;
  const AttributeValue* find(std::string_view name, const Parameters& parameters) const;
};

// Nothing where the text isn't of that kind, or isn't well formed.
std::optional<InsertForm> parse_insert_form(std::string_view text);

// The table and index that a statement means and whether it writes, without its parameters: what access is asked for.
struct StatementTarget {
  bool inserts = false;
  std::string table;
  std::optional<std::string> index;
  bool operator==(const StatementTarget&) const = default;
};
std::optional<StatementTarget> find_target(std::string_view text);

}  // namespace localcloud::dynamodb
