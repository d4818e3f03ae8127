#pragma once
// JSONPath as Step Functions reads it: `$.a[0]`, `$$.Execution.Id`, `$variable.b`, with wildcards, slices, filters and
// descendants. Pure.

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"

namespace localcloud::stepfunctions::asl {

struct PathFilter;

// One step of a path.
struct PathStep {
  enum class Kind { names, wildcard, indexes, slice, filter, function };

  Kind kind = Kind::names;
  bool descends = false;           // written with `..`
  std::vector<std::string> names;  // of members, or the function's one name
  std::vector<std::int64_t> indexes;
  std::optional<std::int64_t> from, to, step;
  std::shared_ptr<const PathFilter> filter;
};

// Where a path starts.
enum class PathRoot { input, context, variable };

// Immutable once parsed.
class Path {
 public:
  // Nothing where the text isn't a path. `depth` counts the filters around it.
  static std::optional<Path> parse(std::string_view text, int depth = 0);

  PathRoot root() const { return root_; }
  const std::string& variable() const { return variable_; }
  const std::string& text() const { return text_; }
  // One value at most: member names and single indexes only.
  bool is_definite() const;
  const std::vector<PathStep>& steps() const { return steps_; }

  // What the path selects below `root`: one value if it is definite, an array if not. The error is what AWS says of a
  // definite path that leads nowhere.
  std::expected<json::Value, std::string> evaluate(const json::Value& root) const;

  // Puts `value` where this reference path points, making the objects on the way. Nothing where it can't, e.g. below a
  // string.
  bool put(json::Value& root, json::Value value) const;

 private:
  PathRoot root_ = PathRoot::input;
  std::string variable_;
  std::string text_;
  std::vector<PathStep> steps_;
};

}  // namespace localcloud::stepfunctions::asl
