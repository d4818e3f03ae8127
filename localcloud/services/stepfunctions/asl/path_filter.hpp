#pragma once
// The predicates of a JSONPath filter, `[?(@.price < 10 && @.name)]`. Pure.

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/path.hpp"

namespace localcloud::stepfunctions::asl {

// One side of a comparison: a path below the candidate (`@`), below the root (`$`), or a literal.
struct FilterOperand {
  enum class Kind { candidate, root, literal };
  Kind kind = Kind::literal;
  std::optional<Path> path;
  json::Value literal;
};

// A tree of conditions.
struct PathFilter {
  enum class Kind { any, all, negation, exists, comparison };
  Kind kind = Kind::exists;
  std::vector<PathFilter> parts;  // of any, all, negation
  std::string comparator;         // == != < <= > >= in nin
  FilterOperand left, right;

  bool holds(const json::Value& candidate, const json::Value& root) const;
};

// Reads a filter's text from `text` at `at`, which it moves to the character after it. Nothing where it is malformed.
std::shared_ptr<const PathFilter> parse_filter(std::string_view text, std::size_t& at, int depth);

}  // namespace localcloud::stepfunctions::asl
