// Text to updates, with AWS's checks of functions, operands and overlapping paths.

#include <array>

#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/expressions/parser.hpp"
#include "localcloud/services/dynamodb/expressions/update.hpp"

namespace localcloud::dynamodb {

namespace {

using Kind = SetValue::Kind;

constexpr std::array<std::string_view, 4> kSections = {"SET", "REMOVE", "ADD", "DELETE"};

class UpdateParser {
 public:
  UpdateParser(std::string_view text, Substitutions& substitutions)
      : parser_(text, "UpdateExpression", substitutions) {}

  Result<Update> parse() {
    TRY(parser_.check_size());
    std::array<bool, kSections.size()> seen{};
    std::optional<std::string_view> repeated;
    while (parser_.peek().kind != Token::Kind::end) {
      std::size_t section = 0;
      while (section < kSections.size() && !parser_.peek().is_word(kSections[section])) ++section;
      if (section == kSections.size()) return failure(parser_.syntax_error());
      parser_.take();
      if (std::exchange(seen[section], true) && !repeated) repeated = kSections[section];
      do {
        TRY(parse_action(static_cast<UpdateAction::Kind>(section)));
      } while (parser_.accept(","));
    }
    if (repeated) {
      return failure(parser_.error("The \"" + std::string(*repeated) +
                                   "\" section can only be used once in an update expression;"));
    }
    TRY(parser_.finish());
    TRY(check_overlaps());
    return std::move(update_);
  }

 private:
  Result<Done> parse_action(UpdateAction::Kind kind) {
    UpdateAction action{kind, TRY(parser_.parse_path()), {Kind::value}};
    if (kind == UpdateAction::Kind::set) {
      TRY(parser_.expect("="));
      action.value = TRY(parse_value());
    } else if (kind != UpdateAction::Kind::remove) {
      if (parser_.peek().kind != Token::Kind::value_ref) return failure(parser_.syntax_error());
      action.value.value = parser_.take_value();
      if (!parser_.has_problems()) check_section_operand(kind, action.value.value.type());
    }
    update_.actions.push_back(std::move(action));
    return Done{};
  }

  void check_section_operand(UpdateAction::Kind kind, Type type) {
    const bool is_set = type == Type::ss || type == Type::ns || type == Type::bs;
    const bool adding = kind == UpdateAction::Kind::add;
    if (is_set || (adding && type == Type::n)) return;
    const std::string section = adding ? "ADD" : "DELETE";
    parser_.note(Rank::operands, "Incorrect operand type for operator or function; operator: " + section +
                                     ", operand type: " + std::string(long_name(type)) + ", typeSet: ALLOWED_FOR_" +
                                     section + "_OPERAND");
  }

  Result<SetValue> parse_value() {
    SetValue first = TRY(parse_operand());
    const bool plus = parser_.peek().is("+");
    if (!plus && !parser_.peek().is("-")) return first;
    const std::string sign(parser_.take().text);
    parser_.count_operator();
    SetValue sum{plus ? Kind::plus : Kind::minus};
    sum.operands.push_back(std::move(first));
    sum.operands.push_back(TRY(parse_operand()));
    for (const SetValue& operand : sum.operands) check_operand(sign, operand, Type::n);
    return sum;
  }

  Result<SetValue> parse_operand() {
    if (parser_.peek().kind == Token::Kind::value_ref) return SetValue{Kind::value, {}, parser_.take_value()};
    if (parser_.peek().kind == Token::Kind::name && parser_.peek_next().is("(")) return parse_function();
    if (!parser_.peek().is("(")) return SetValue{Kind::path, TRY(parser_.parse_path())};
    if (++depth_ > kOperatorsMax) return failure(parser_.error("The expression has redundant parentheses"));
    const bool doubled = parser_.peek_next().is("(");
    parser_.take();
    SetValue value = TRY(parse_value());
    TRY(parser_.expect(")"));
    if (doubled) parser_.note(Rank::parentheses, "The expression has redundant parentheses");
    --depth_;
    return value;
  }

  Result<SetValue> parse_function() {
    if (++depth_ > kOperatorsMax) return failure(parser_.syntax_error());
    const std::string called(parser_.take().text);
    parser_.take();
    parser_.count_operator();
    std::vector<SetValue> operands;
    do {
      operands.push_back(TRY(parse_operand()));
    } while (parser_.accept(","));
    TRY(parser_.expect(")"));
    --depth_;
    const bool if_not_exists = called == "if_not_exists";
    if (!if_not_exists && called != "list_append") {
      note_unknown(called);
      return SetValue{Kind::value};
    }
    if (operands.size() != 2) {
      parser_.note(Rank::operands, "Incorrect number of operands for operator or function; operator or function: " +
                                       called + ", number of operands: " + std::to_string(operands.size()));
      return SetValue{Kind::value};
    }
    if (!if_not_exists) {
      for (const SetValue& operand : operands) check_operand(called, operand, Type::l);
      return SetValue{Kind::list_append, {}, {}, std::move(operands)};
    }
    if (operands[0].kind != Kind::path) {
      parser_.note(Rank::operands, "Operator or function requires a document path; operator or function: " + called);
    }
    SetValue value{Kind::if_not_exists, std::move(operands[0].path)};
    value.operands.push_back(std::move(operands[1]));
    return value;
  }

  void note_unknown(const std::string& called) {
    for (const std::string_view known :
         {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"}) {
      if (called == known) {
        parser_.note(Rank::misused_function,
                     "The function is not allowed in an update expression; function: " + called);
        return;
      }
    }
    parser_.note(Rank::unknown_function, "Invalid function name; function: " + called);
  }

  void check_operand(const std::string& what, const SetValue& operand, Type wanted) {
    if (parser_.has_problems() || operand.kind == Kind::path || operand.kind == Kind::if_not_exists) return;
    const Type type = operand.kind == Kind::value         ? operand.value.type()
                      : operand.kind == Kind::list_append ? Type::l
                                                          : Type::n;
    if (type == wanted) return;
    parser_.note(Rank::operands, "Incorrect operand type for operator or function; operator or function: " + what +
                                     ", operand type: " + std::string(name(type)));
  }

  Result<Done> check_overlaps() const {
    std::vector<const Path*> paths;
    for (const UpdateAction& action : update_.actions) paths.push_back(&action.path);
    if (const std::optional<std::string> overlap = find_overlap(paths)) return failure(parser_.error(*overlap));
    return Done{};
  }

  Parser parser_;
  Update update_;
  int depth_ = 0;
};

}  // namespace

Result<Update> parse_update(std::string_view text, Substitutions& substitutions) {
  return UpdateParser(text, substitutions).parse();
}

}  // namespace localcloud::dynamodb
