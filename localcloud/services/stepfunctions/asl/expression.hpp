#pragma once
// What may stand behind a field that ends in `.$`: a path, or a call of an intrinsic function. Pure, but for the
// randomness it is given.

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/asl/path.hpp"
#include "localcloud/services/stepfunctions/asl/random.hpp"

namespace localcloud::stepfunctions::asl {

// An error of a state, as Retry and Catch see it.
struct Failure {
  std::optional<std::string> error;
  std::optional<std::string> cause;
};

template <class T>
using Outcome = std::expected<T, Failure>;

// What expressions see: `$`, `$$` and the variables.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual json::Value context() const = 0;                                 // `$$`
  virtual const json::Value* variable(const std::string& name) const = 0;  // nullptr where it isn't assigned
  virtual Random& random() const = 0;
  // Prefixes a cause with the state and the event that entered it.
  virtual Failure runtime_error(const std::string& cause) const = 0;
};

// What a path of any root selects. The error is why a definite path finds nothing.
std::expected<json::Value, std::string> evaluate_path(const Path& path, const json::Value& input,
                                                      const Environment& environment);

// Immutable once parsed.
class Expression {
 public:
  struct Call;  // of an intrinsic function

  // Nothing where the text is neither.
  static std::optional<Expression> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::optional<Path>& path() const { return path_; }
  // `field` names, in the cause of a failure, what the expression stands for.
  Outcome<json::Value> evaluate(const json::Value& input, const Environment& environment,
                                const std::string& field) const;

 private:
  std::string text_;
  std::optional<Path> path_;
  std::shared_ptr<const Call> call_;
};

}  // namespace localcloud::stepfunctions::asl
