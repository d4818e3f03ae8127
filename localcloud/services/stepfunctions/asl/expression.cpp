// Paths and intrinsic function calls: the text to a tree, and the tree to a value.

#include "localcloud/services/stepfunctions/asl/expression.hpp"

#include <variant>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/intrinsics.hpp"
#include "localcloud/services/stepfunctions/asl/limits.hpp"

namespace localcloud::stepfunctions::asl {

struct Expression::Call {
  using Argument = std::variant<json::Value, Path, Call>;

  const Intrinsic* intrinsic = nullptr;
  std::string text;
  std::vector<Argument> arguments;
};

namespace {

constexpr int kDepthMax = 10;  // of calls within calls, as AWS documents it
constexpr std::size_t kTextLengthMax = 10'000;

using Call = Expression::Call;

class CallReader {
 public:
  explicit CallReader(std::string_view text) : text_(text) {}

  bool done() {
    skip_spaces();
    return at_ == text_.size();
  }

  bool call(Call& call, int depth) {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != '(' && text_[at_] != ' ') ++at_;
    call.intrinsic = find_intrinsic(text_.substr(start, at_ - start));
    if (call.intrinsic == nullptr || depth > kDepthMax || peek() != '(') return false;
    ++at_;
    while (peek() != ')') {
      if (!call.arguments.empty()) {
        if (peek() != ',') return false;
        ++at_;
      }
      if (!argument(call, depth)) return false;
    }
    ++at_;
    call.text = std::string(text_.substr(start, at_ - start));
    return call.arguments.size() >= call.intrinsic->arguments_min &&
           call.arguments.size() <= call.intrinsic->arguments_max;
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  char peek() {
    skip_spaces();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool argument(Call& call, int depth) {
    const char c = peek();
    if (c == '$') return path(call);
    if (c == 'S') {
      Call inner;
      if (!this->call(inner, depth + 1)) return false;
      call.arguments.emplace_back(std::move(inner));
      return true;
    }
    json::Value literal;
    if (c == '\'' ? !string(literal) : !word(literal)) return false;
    if (!fits_argument(*call.intrinsic, call.arguments.size(), literal)) return false;
    call.arguments.emplace_back(std::move(literal));
    return true;
  }

  // A path ends at the comma or the parenthesis outside of its own brackets and parentheses.
  bool path(Call& call) {
    const std::size_t start = at_;
    int depth = 0;
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (depth > 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '[' || c == '(') {
        ++depth;
      } else if (depth > 0 && (c == ']' || c == ')')) {
        --depth;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        break;
      }
    }
    std::optional<Path> path = Path::parse(base::trim(text_.substr(start, at_ - start)));
    if (!path) return false;
    call.arguments.emplace_back(std::move(*path));
    return true;
  }

  // `'…'`, where a backslash takes the next character as it is; braces keep theirs for States.Format to see.
  bool string(json::Value& out) {
    std::string literal;
    for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        const char c = text_[at_];
        if (c == 'n' || c == 't' || c == 'r') {
          literal.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : '\r');
          continue;
        }
        if (c != '\'' && c != '\\') literal.push_back('\\');
      }
      literal.push_back(text_[at_]);
    }
    if (at_ >= text_.size()) return false;
    ++at_;
    out = json::Value(std::move(literal));
    return true;
  }

  bool word(json::Value& out) {
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(",) \n\t\r").find(text_[at_]) == std::string_view::npos) ++at_;
    auto value = json::parse(text_.substr(start, at_ - start));
    if (!value || value->is_string() || value->is_array() || value->is_object()) return false;
    out = std::move(*value);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Outcome<json::Value> evaluate_call(const Call& call, const json::Value& input, const Environment& environment,
                                   const std::string& field);

Outcome<json::Value> evaluate_argument(const Call::Argument& argument, const json::Value& input,
                                       const Environment& environment, const std::string& field) {
  if (const auto* literal = std::get_if<json::Value>(&argument)) return *literal;
  if (const auto* inner = std::get_if<Call>(&argument)) return evaluate_call(*inner, input, environment, field);
  const Path& path = std::get<Path>(argument);
  auto value = evaluate_path(path, input, environment);
  if (value) return std::move(*value);
  return std::unexpected(environment.runtime_error("The JsonPath argument for the field '" + path.text() +
                                                   "' could not be found in the input '" + json::write(input) + "'"));
}

Outcome<json::Value> evaluate_call(const Call& call, const json::Value& input, const Environment& environment,
                                   const std::string& field) {
  Arguments arguments;
  arguments.reserve(call.arguments.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    Outcome<json::Value> value = evaluate_argument(call.arguments[i], input, environment, field);
    if (!value) return value;
    if (!fits_argument(*call.intrinsic, i, *value)) {
      return std::unexpected(environment.runtime_error("The arguments passed to the intrinsic function '" + call.text +
                                                       "' are invalid: argument " + std::to_string(i + 1) + " is a " +
                                                       std::string(value->kind())));
    }
    if (!add_size(*value, size, kWorkMax)) {
      return std::unexpected(
          environment.runtime_error("The arguments of the intrinsic function '" + call.text + "' are too large"));
    }
    arguments.push_back(std::move(*value));
  }
  auto answer = call.intrinsic->call(arguments, environment.random());
  if (answer) return std::move(*answer);
  return std::unexpected(
      environment.runtime_error("The function '" + call.text + "' had the following error: " + answer.error()));
}

}  // namespace

std::expected<json::Value, std::string> evaluate_path(const Path& path, const json::Value& input,
                                                      const Environment& environment) {
  if (path.root() == PathRoot::context) return path.evaluate(environment.context());
  if (path.root() == PathRoot::input) return path.evaluate(input);
  const json::Value* variable = environment.variable(path.variable());
  if (variable == nullptr) return std::unexpected("Variable not found: $" + path.variable());
  return path.evaluate(*variable);
}

std::optional<Expression> Expression::parse(std::string_view text) {
  Expression expression;
  expression.text_ = std::string(text);
  if (text.size() > kTextLengthMax) return std::nullopt;
  if (text.starts_with('$')) {
    expression.path_ = Path::parse(text);
    if (!expression.path_) return std::nullopt;
    return expression;
  }
  CallReader reader(text);
  Call call;
  if (!text.starts_with("States.") || !reader.call(call, 1) || !reader.done()) return std::nullopt;
  expression.call_ = std::make_shared<const Call>(std::move(call));
  return expression;
}

Outcome<json::Value> Expression::evaluate(const json::Value& input, const Environment& environment,
                                          const std::string& field) const {
  if (call_) return evaluate_call(*call_, input, environment, field);
  auto value = evaluate_path(*path_, input, environment);
  if (value) return std::move(*value);
  return std::unexpected(environment.runtime_error("The JSONPath '" + text_ + "' specified for the field '" + field +
                                                   "' could not be found in the input '" + json::write(input) + "'"));
}

}  // namespace localcloud::stepfunctions::asl
