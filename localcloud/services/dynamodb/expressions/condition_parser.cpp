// Text to conditions, with AWS's checks of functions and operands.

#include <algorithm>
#include <array>

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/expressions/parser.hpp"

namespace localcloud::dynamodb {

namespace {

struct Function {
  Operator op;
  std::size_t operands;
};

std::optional<Function> function_named(std::string_view name) {
  constexpr std::array<Function, 5> kFunctions = {{{Operator::attribute_exists, 1},
                                                   {Operator::attribute_not_exists, 1},
                                                   {Operator::attribute_type, 2},
                                                   {Operator::begins_with, 2},
                                                   {Operator::contains, 2}}};
  for (const Function& function : kFunctions) {
    if (dynamodb::name(function.op) == name) return function;
  }
  return std::nullopt;
}

std::optional<Operator> comparator(const Token& token) {
  for (const Operator op : {Operator::equal, Operator::not_equal, Operator::less, Operator::less_equal,
                            Operator::greater, Operator::greater_equal}) {
    if (token.is(name(op))) return op;
  }
  return std::nullopt;
}

bool is_scalar(Type type) {
  return type == Type::s || type == Type::n || type == Type::b;
}

class ConditionParser {
 public:
  ConditionParser(std::string_view text, std::string_view parameter, Substitutions& substitutions)
      : parser_(text, parameter, substitutions) {}

  Result<Condition> parse() {
    TRY(parser_.check_size());
    Parsed whole = TRY(parse_or());
    if (parser_.peek().kind != Token::Kind::end) return failure(parser_.syntax_error());
    Condition condition = TRY(as_condition(std::move(whole)));
    TRY(parser_.finish());
    return condition;
  }

 private:
  // What stands between two operators: an operand, or a whole condition.
  struct Parsed {
    std::variant<Operand, Condition> what;
    bool in_parentheses = false;
    std::string function = {};  // the name, where it is a function's call
  };

  Result<Condition> as_condition(Parsed parsed) {
    if (auto* condition = std::get_if<Condition>(&parsed.what)) return std::move(*condition);
    if (parsed.function.empty()) return failure(parser_.syntax_error());
    note_misused(parsed.function);
    return Condition{Operator::logical_and, {}, {}};
  }

  Result<Operand> as_operand(Parsed parsed) {
    if (auto* operand = std::get_if<Operand>(&parsed.what)) return std::move(*operand);
    if (parsed.function.empty()) return failure(parser_.syntax_error());
    note_misused(parsed.function);
    return Operand(AttributeValue());
  }

  void note_misused(const std::string& function) {
    parser_.note(Rank::misused_function,
                 "The function is not allowed to be used this way in an expression; function: " + function);
  }

  // One kind of operator between conditions, however many of them in a row.
  template <class ParsePart>
  Result<Parsed> parse_chain(Operator op, ParsePart parse_part) {
    Parsed first = TRY(parse_part());
    if (!parser_.peek().is_word(name(op))) return first;
    Condition chain{op, {}, {}};
    chain.children.push_back(TRY(as_condition(std::move(first))));
    while (parser_.accept_word(name(op))) {
      parser_.count_operator();
      chain.children.push_back(TRY(as_condition(TRY(parse_part()))));
    }
    return Parsed{std::move(chain)};
  }

  Result<Parsed> parse_or() {
    return parse_chain(Operator::logical_or, [this] { return parse_and(); });
  }
  Result<Parsed> parse_and() {
    return parse_chain(Operator::logical_and, [this] { return parse_not(); });
  }

  Result<Parsed> parse_not() {
    bool negative = false;
    bool found = false;
    while (parser_.peek().is_word("NOT")) {
      parser_.take();
      parser_.count_operator();
      negative = !negative;
      found = true;
    }
    Parsed parsed = TRY(parse_comparison());
    if (!found) return parsed;
    Condition condition = TRY(as_condition(std::move(parsed)));
    if (!negative) return Parsed{std::move(condition)};
    Condition inverse{Operator::logical_not, {}, {}};
    inverse.children.push_back(std::move(condition));
    return Parsed{std::move(inverse)};
  }

  Result<Parsed> parse_comparison() {
    Parsed left = TRY(parse_primary());
    if (const std::optional<Operator> op = comparator(parser_.peek())) {
      if (std::holds_alternative<Condition>(left.what) && left.function.empty()) {
        return failure(parser_.syntax_error());
      }
      parser_.take();
      Condition condition{*op, {}, {}};
      condition.operands.push_back(TRY(as_operand(std::move(left))));
      condition.operands.push_back(TRY(as_operand(TRY(parse_primary()))));
      return checked(std::move(condition));
    }
    if (parser_.peek().is_word("BETWEEN")) {
      Condition condition{Operator::between, {}, {}};
      condition.operands.push_back(TRY(as_operand(std::move(left))));
      parser_.take();
      condition.operands.push_back(TRY(as_operand(TRY(parse_primary()))));
      if (!parser_.accept_word("AND")) return failure(parser_.syntax_error());
      condition.operands.push_back(TRY(as_operand(TRY(parse_primary()))));
      return checked(std::move(condition));
    }
    if (parser_.peek().is_word("IN")) return parse_in(std::move(left));
    return left;
  }

  Result<Parsed> parse_in(Parsed left) {
    constexpr std::size_t kOperandsMax = 100;
    Condition condition{Operator::in, {}, {}};
    condition.operands.push_back(TRY(as_operand(std::move(left))));
    parser_.take();
    TRY(parser_.expect("("));
    do {
      condition.operands.push_back(TRY(as_operand(TRY(parse_primary()))));
    } while (parser_.accept(","));
    TRY(parser_.expect(")"));
    if (condition.operands.size() - 1 > kOperandsMax) {
      parser_.note(Rank::operands, "The IN operator is provided with too many operands; number of operands: " +
                                       std::to_string(condition.operands.size() - 1));
    }
    return checked(std::move(condition));
  }

  Result<Parsed> parse_primary() {
    if (parser_.peek().is("(")) return parse_parentheses();
    if (parser_.peek().kind == Token::Kind::value_ref) return Parsed{Operand(parser_.take_value())};
    if (parser_.peek().kind == Token::Kind::name && parser_.peek_next().is("(")) return parse_function();
    // An operator can't be a name, reserved or not.
    for (const char* word : {"AND", "OR", "NOT", "BETWEEN", "IN"}) {
      if (parser_.peek().is_word(word)) return failure(parser_.syntax_error());
    }
    return Parsed{Operand(TRY(parser_.parse_path()))};
  }

  Result<Parsed> parse_parentheses() {
    if (++depth_ > kOperatorsMax) return failure(parser_.error("The expression has redundant parentheses"));
    parser_.take();
    Parsed inner = TRY(parse_or());
    TRY(parser_.expect(")"));
    --depth_;
    if (inner.in_parentheses) parser_.note(Rank::parentheses, "The expression has redundant parentheses");
    inner.in_parentheses = true;
    return inner;
  }

  Result<Parsed> parse_function() {
    if (++depth_ > kOperatorsMax) return failure(parser_.syntax_error());
    const std::string called(parser_.take().text);
    parser_.take();
    parser_.count_operator();
    std::vector<Operand> operands;
    do {
      operands.push_back(TRY(as_operand(TRY(parse_primary()))));
    } while (parser_.accept(","));
    TRY(parser_.expect(")"));
    --depth_;
    if (called == "size") return size_call(std::move(operands));

    const std::optional<Function> function = function_named(called);
    if (!function) {
      if (called == "if_not_exists" || called == "list_append") {
        parser_.note(Rank::misused_function,
                     "The function is not allowed in a condition expression; function: " + called);
      } else {
        parser_.note(Rank::unknown_function, "Invalid function name; function: " + called);
      }
      return Parsed{Condition{Operator::logical_and, {}, {}}, false, called};
    }
    if (operands.size() != function->operands) {
      note_count(called, operands.size());
    } else {
      check_function(called, operands);
    }
    return Parsed{Condition{function->op, std::move(operands), {}}, false, called};
  }

  Parsed size_call(std::vector<Operand> operands) {
    Operand size = AttributeValue();
    if (operands.size() != 1) {
      note_count("size", operands.size());
    } else if (auto* path = std::get_if<Path>(&operands[0])) {
      size = SizeOfPath{std::move(*path)};
    } else if (const auto* value = std::get_if<AttributeValue>(&operands[0])) {
      const std::optional<AttributeValue> measured = measure(*value);
      if (measured) {
        size = *measured;
      } else {
        note_type("size", value->type());
      }
    } else {
      note_misused("size");
    }
    return Parsed{std::move(size), false, "size"};
  }

  void note_count(std::string_view what, std::size_t count) {
    parser_.note(Rank::operands, "Incorrect number of operands for operator or function; operator or function: " +
                                     std::string(what) + ", number of operands: " + std::to_string(count));
  }
  void note_type(std::string_view what, Type type) {
    parser_.note(Rank::operands, "Incorrect operand type for operator or function; operator or function: " +
                                     std::string(what) + ", operand type: " + std::string(name(type)));
  }

  void check_function(std::string_view called, const std::vector<Operand>& operands) {
    if (called.starts_with("attribute_") && !std::holds_alternative<Path>(operands[0])) {
      parser_.note(Rank::operands,
                   "Operator or function requires a document path; operator or function: " + std::string(called));
      return;
    }
    if (called == "attribute_type") {
      const auto* type = std::get_if<AttributeValue>(&operands[1]);
      const auto* text = type != nullptr ? type->get_if<std::string>() : nullptr;
      if (type != nullptr && text == nullptr) note_type(called, type->type());
      if (text != nullptr && !type_named(*text)) {
        parser_.note(Rank::operands, "Invalid attribute type name found; type: " + *text +
                                         ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
      }
    }
    if (called == "begins_with") {
      for (const Operand& operand : operands) {
        const auto* value = std::get_if<AttributeValue>(&operand);
        if (value != nullptr && value->type() != Type::s && value->type() != Type::b) note_type(called, value->type());
      }
    }
    if (operands.size() == 2) check_distinct(called, operands);
  }

  void check_distinct(std::string_view what, const std::vector<Operand>& operands) {
    const auto* first = std::get_if<Path>(&operands[0]);
    if (first == nullptr || std::find(operands.begin() + 1, operands.end(), operands[0]) == operands.end()) return;
    parser_.note(Rank::distinct,
                 "The first operand must be distinct from the remaining operands for this operator or function; "
                 "operator: " +
                     std::string(what) + ", first operand: " + describe(*first));
  }

  Parsed checked(Condition condition) {
    parser_.count_operator();
    const bool needs_order =
        condition.op != Operator::equal && condition.op != Operator::not_equal && condition.op != Operator::in;
    for (const Operand& operand : condition.operands) {
      const auto* value = std::get_if<AttributeValue>(&operand);
      if (needs_order && value != nullptr && !is_scalar(value->type())) note_type(name(condition.op), value->type());
    }
    if (condition.op == Operator::between) check_bounds(condition.operands);
    check_distinct(name(condition.op), condition.operands);
    return Parsed{std::move(condition)};
  }

  void check_bounds(const std::vector<Operand>& operands) {
    const auto* lower = std::get_if<AttributeValue>(&operands[1]);
    const auto* upper = std::get_if<AttributeValue>(&operands[2]);
    if (lower == nullptr || upper == nullptr || parser_.has_problems()) return;
    const std::optional<std::strong_ordering> order = compare(*lower, *upper);
    if (order && *order <= 0) return;
    parser_.note(Rank::operands,
                 std::string(order ? "The BETWEEN operator requires upper bound to be greater than or equal to lower "
                                     "bound; "
                                   : "The BETWEEN operator requires same data type for lower and upper bounds; ") +
                     "lower bound operand: AttributeValue: " + describe(*lower) +
                     ", upper bound operand: AttributeValue: " + describe(*upper));
  }

  Parser parser_;
  int depth_ = 0;
};

}  // namespace

Result<Condition> parse_condition(std::string_view text, std::string_view parameter, Substitutions& substitutions) {
  return ConditionParser(text, parameter, substitutions).parse();
}

}  // namespace localcloud::dynamodb
