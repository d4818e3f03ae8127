#pragma once
// The rules of a Choice state. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/expression.hpp"
#include "localcloud/services/stepfunctions/asl/template.hpp"

namespace localcloud::stepfunctions::asl {

struct ChoiceRule {
  enum class Kind { all, any, negation, comparison };

  Kind kind = Kind::comparison;
  std::vector<ChoiceRule> parts;

  std::optional<Path> variable;
  std::string comparator;  // "StringEquals", without a trailing "Path"
  json::Value expected;
  std::optional<Path> expected_path;

  std::string next;  // of a rule at the top
  std::optional<Template> assign;

  Outcome<bool> holds(const json::Value& input, const Environment& environment) const;
};

// What a comparator takes: 's'tring, 'n'umber, 'b'oolean, 't'imestamp, '*' a pattern. '\0' where there is none of the
// name.
char comparator_kind(std::string_view name);

}  // namespace localcloud::stepfunctions::asl
