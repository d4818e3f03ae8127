// Parsing and walking an expression.

#include "localcloud/services/metrics/math/expression.hpp"

#include <cmath>

#include "base/text.hpp"

namespace localcloud::metrics::math {

struct Node {
  enum class Kind { number, id, text, list, sign, negative, call };
  Kind kind;
  double number = 0;
  std::string name = {};  // an id, a quoted text, an operator's sign, a function
  std::vector<Node> parts = {};
};

namespace {

constexpr int kDepthMax = 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Result<Node> whole() {
    Node node = TRY(any(0, 0));
    skip_spaces();
    if (!rest_.empty()) return failure(unexpected());
    return node;
  }
  std::vector<std::string> ids;

 private:
  void skip_spaces() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\n')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(std::string_view text) {
    skip_spaces();
    if (!rest_.starts_with(text)) return false;
    if (is_letter(text.front()) && rest_.size() > text.size() && is_letter(rest_[text.size()])) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  ServiceError unexpected() const {
    return math_error(rest_.empty() ? "Unexpected end of expression"
                                    : "Unexpected text at '" + std::string(rest_.substr(0, 20)) + "'");
  }

  // The operators of each level, loosest first; the longer of two that begin alike comes first.
  std::optional<std::string> take_sign(std::size_t level) {
    static constexpr std::array<std::array<std::string_view, 6>, 6> kSigns = {
        {{"||", "OR"}, {"&&", "AND"}, {"<=", ">=", "==", "!=", "<", ">"}, {"+", "-"}, {"*", "/"}, {"^"}}};
    for (const std::string_view sign : kSigns[level]) {
      if (!sign.empty() && take(sign)) return std::string(sign == "OR" ? "||" : sign == "AND" ? "&&" : sign);
    }
    return std::nullopt;
  }

  Result<Node> any(std::size_t level, int depth) {
    if (depth > kDepthMax) return failure(math_error("The expression is nested too deeply"));
    if (level == 6) return one(depth);
    Node left = TRY(any(level + 1, depth));
    while (true) {
      const std::optional<std::string> sign = take_sign(level);
      if (!sign) return left;
      Node right = TRY(any(level + 1, depth));
      Node both{Node::Kind::sign, 0, *sign};
      // Long sums would nest as deep as they are long.
      if (++signs_ > 500) return failure(math_error("The expression is too long"));
      both.parts.push_back(std::move(left));
      both.parts.push_back(std::move(right));
      left = std::move(both);
    }
  }

  Result<Node> one(int depth) {
    if (take("-")) {
      if (depth > kDepthMax) return failure(math_error("The expression is nested too deeply"));
      Node node{Node::Kind::negative};
      node.parts.push_back(TRY(one(depth + 1)));
      return node;
    }
    if (take("(")) {
      Node inner = TRY(any(0, depth + 1));
      if (!take(")")) return failure(unexpected());
      return inner;
    }
    if (take("[")) return list("]", {Node::Kind::list}, depth);
    if (rest_.empty()) return failure(unexpected());
    const char first = rest_.front();
    if (first == '"' || first == '\'') return quoted(first);
    if (is_digit(first) || first == '.') return number();
    if (!is_letter(first)) return failure(unexpected());
    std::size_t length = 1;
    while (length < rest_.size() && (is_letter(rest_[length]) || is_digit(rest_[length]))) ++length;
    std::string name{rest_.substr(0, length)};
    rest_.remove_prefix(length);
    if (take("(")) {
      if (!is_function(name)) return failure(math_error("Unsupported function '" + name + "'"));
      return list(")", {Node::Kind::call, 0, std::move(name)}, depth);
    }
    if (name != "REPEAT" && name != "LINEAR" && std::ranges::find(ids, name) == ids.end()) ids.push_back(name);
    return Node{Node::Kind::id, 0, std::move(name)};
  }

  Result<Node> list(std::string_view closing, Node node, int depth) {
    if (take(closing)) return node;
    do {
      node.parts.push_back(TRY(any(0, depth + 1)));
    } while (take(","));
    if (!take(closing)) return failure(unexpected());
    return node;
  }

  Result<Node> quoted(char mark) {
    const std::size_t end = rest_.find(mark, 1);
    if (end == std::string_view::npos) return failure(unexpected());
    Node node{Node::Kind::text, 0, std::string(rest_.substr(1, end - 1))};
    rest_.remove_prefix(end + 1);
    return node;
  }

  Result<Node> number() {
    double value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return failure(unexpected());
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return Node{Node::Kind::number, value};
  }

  std::string_view rest_;
  int signs_ = 0;
};

Result<Value> evaluate_node(const Node& node, const Names& names);

Result<Value> evaluate_list(const Node& node, const Names& names) {
  SeriesList list;
  for (const Node& part : node.parts) {
    Value value = TRY(evaluate_node(part, names));
    if (auto* const series = std::get_if<Series>(&value)) {
      list.push_back(std::move(*series));
    } else if (auto* const many = std::get_if<SeriesList>(&value)) {
      std::ranges::move(*many, std::back_inserter(list));
    } else {
      return failure(math_error("A list can only hold time series"));
    }
  }
  return list;
}

Result<Value> evaluate_metrics(const Node& node, const Names& names) {
  if (node.parts.size() > 1 || (node.parts.size() == 1 && node.parts[0].kind != Node::Kind::text)) {
    return failure(math_error("METRICS takes at most one quoted text"));
  }
  SeriesList list;
  for (const auto& [id, series] : names.metrics) {
    if (node.parts.empty() || id.contains(node.parts[0].name)) list.push_back(series);
  }
  return list;
}

Result<Value> evaluate_call(const Node& node, const Names& names) {
  if (node.name == "METRICS") return evaluate_metrics(node, names);
  if (node.name == "FILL" && node.parts.size() == 2 && node.parts[1].kind == Node::Kind::id) {
    const std::string& how = node.parts[1].name;
    if (how == "REPEAT") return fill(TRY(evaluate_node(node.parts[0], names)), FillKind::repeat);
    if (how == "LINEAR") return fill(TRY(evaluate_node(node.parts[0], names)), FillKind::linear);
  }
  std::vector<Value> arguments;
  for (const Node& part : node.parts) arguments.push_back(TRY(evaluate_node(part, names)));
  if (node.name == "TIME_SERIES" && arguments.size() == 1 && std::holds_alternative<Scalar>(arguments[0])) {
    Series series = names.periods;
    for (std::optional<double>& value : series.values) value = std::get<Scalar>(arguments[0]);
    return series;
  }
  return call_function(node.name, std::move(arguments));
}

Result<Value> evaluate_node(const Node& node, const Names& names) {
  switch (node.kind) {
    case Node::Kind::number:
      return Value{Scalar{node.number}};
    case Node::Kind::id: {
      const Value* const value = names.find(node.name);
      if (!value) return failure(math_error("Undefined identifier '" + node.name + "'"));
      return *value;
    }
    case Node::Kind::text:
      return failure(math_error("Unexpected text '" + node.name + "'"));
    case Node::Kind::list:
      return evaluate_list(node, names);
    case Node::Kind::negative:
      return combine("-", Scalar{0.0}, TRY(evaluate_node(node.parts[0], names)));
    case Node::Kind::sign:
      return combine(node.name, TRY(evaluate_node(node.parts[0], names)), TRY(evaluate_node(node.parts[1], names)));
    case Node::Kind::call:
      return evaluate_call(node, names);
  }
  return failure(math_error("Unexpected expression"));
}

ServiceError in_expression(std::string_view id, ServiceError error) {
  error.message = "Error in expression '" + std::string(id) + "' [" + error.message + "]";
  return error;
}

}  // namespace

ServiceError math_error(std::string message) {
  return {"ValidationError", std::move(message)};
}

Result<Expression> Expression::parse(std::string_view id, std::string_view text) {
  Parser parser(text);
  Result<Node> root = parser.whole();
  if (!root) return failure(in_expression(id, std::move(root.error())));
  Expression expression;
  expression.id_ = id;
  expression.root_ = std::make_shared<const Node>(*std::move(root));
  expression.ids_ = std::move(parser.ids);
  return expression;
}

Result<Value> Expression::evaluate(const Names& names) const {
  Result<Value> value = evaluate_node(*root_, names);
  if (!value) return failure(in_expression(id_, std::move(value.error())));
  return value;
}

}  // namespace localcloud::metrics::math
