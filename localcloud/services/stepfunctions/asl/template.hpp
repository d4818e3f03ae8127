#pragma once
// Payload templates: JSON in which a field `name.$` is replaced by `name` with the value of its expression. Pure.

#include <string>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/expression.hpp"

namespace localcloud::stepfunctions::asl {

// Immutable once parsed.
class Template {
 public:
  // The error says what is wrong, and where, below the template: {"The value for …", "/parts/first.$"}.
  struct Flaw {
    std::string message;
    std::string where;
  };
  static std::expected<Template, Flaw> parse(const json::Value& value);

  Outcome<json::Value> evaluate(const json::Value& input, const Environment& environment) const;

 private:
  // `size` adds up what expressions have put in.
  Outcome<json::Value> evaluate(const json::Value& input, const Environment& environment, std::size_t& size) const;

  enum class Kind { literal, expression, object, array };

  Kind kind_ = Kind::literal;
  json::Value literal_;
  std::vector<Expression> expression_;                     // one, of an expression
  std::vector<std::pair<std::string, Template>> members_;  // names as they are written, with their `.$`
  std::vector<Template> items_;
};

}  // namespace localcloud::stepfunctions::asl
