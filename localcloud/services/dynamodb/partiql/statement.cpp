// Text to statements.

#include "localcloud/services/dynamodb/partiql/statement.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

using partiql::Token;

ServiceError not_well_formed(const std::string& what) {
  return validation("Statement wasn't well formed, can't be processed: " + what);
}

ServiceError wrong_parameter_count() {
  return validation("Number of parameters in request and statement don't match.");
}

class StatementParser {
 public:
  StatementParser(const std::vector<Token>& tokens, std::vector<ValueInput> parameters)
      : tokens_(tokens), parameters_(std::move(parameters)) {}

  Result<Statement> parse() {
    Result<Statement> statement = parse_either();
    if (!statement) return statement;
    if (accept(";"); peek().kind != Token::Kind::end) return failure(unexpected());
    if (parameter_ != parameters_.size()) {
      return failure(wrong_parameter_count());
    }
    return statement;
  }

  std::optional<InsertForm> parse_form() {
    if (!accept_word("INSERT")) return std::nullopt;
    Result<InsertStatement> insert = parse_insert_head();
    if (!insert || !accept_word("VALUE") || !accept("{")) return std::nullopt;
    InsertForm form{std::move(insert->table), {}};
    do {
      if (peek().kind != Token::Kind::text && peek().kind != Token::Kind::quoted_name) return std::nullopt;
      std::string name = take().text;
      if (!accept(":") || take().kind != Token::Kind::parameter) return std::nullopt;
      form.attributes.push_back({std::move(name), form.attributes.size()});
    } while (accept(","));
    if (!accept("}")) return std::nullopt;
    if (accept(";"); peek().kind != Token::Kind::end) return std::nullopt;
    std::sort(form.attributes.begin(), form.attributes.end());
    const auto same_name = [](const auto& a, const auto& b) { return a.name == b.name; };
    if (std::ranges::adjacent_find(form.attributes, same_name) != form.attributes.end()) return std::nullopt;
    return form;
  }

  // Goes through the same steps as parse(), so that both find the same table.
  Result<StatementTarget> parse_target() {
    if (accept_word("INSERT")) {
      const InsertStatement insert = TRY(parse_insert_head());
      return StatementTarget{true, insert.table, std::nullopt};
    }
    TRY(expect_word("SELECT"));
    const SelectStatement select = TRY(parse_select_head());
    return StatementTarget{false, select.table, select.index};
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  const Token& peek_next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  const Token& take() { return tokens_[peek().kind == Token::Kind::end ? at_ : at_++]; }
  bool accept(std::string_view symbol) {
    if (!peek().is(symbol)) return false;
    take();
    return true;
  }
  bool accept_word(std::string_view word) {
    if (!peek().is_word(word)) return false;
    take();
    return true;
  }
  Result<Done> expect(std::string_view symbol) {
    if (!accept(symbol)) return failure(unexpected());
    return Done{};
  }
  Result<Done> expect_word(std::string_view word) {
    if (!accept_word(word)) return failure(unexpected());
    return Done{};
  }
  ServiceError unexpected() const {
    if (peek().kind == Token::Kind::end) return not_well_formed("Unexpected end of statement");
    return not_well_formed("Unexpected token '" + peek().text + "' at character " + std::to_string(peek().offset + 1));
  }
  Result<std::string> take_name() {
    if (peek().kind != Token::Kind::quoted_name && peek().kind != Token::Kind::word) return failure(unexpected());
    return take().text;
  }

  Result<Statement> parse_either() {
    if (accept_word("INSERT")) return parse_insert();
    if (accept_word("SELECT")) return parse_select();
    for (const char* known : {"UPDATE", "DELETE", "EXISTS", "UPSERT", "REPLACE"}) {
      if (peek().is_word(known)) {
        return failure(validation("Unsupported operation: " + std::string(known) +
                                  " statements are not supported; INSERT and SELECT are"));
      }
    }
    return failure(unexpected());
  }

  Result<InsertStatement> parse_insert_head() {
    TRY(expect_word("INTO"));
    return InsertStatement{TRY(take_name()), {}};
  }

  Result<Statement> parse_insert() {
    InsertStatement insert = TRY(parse_insert_head());
    TRY(expect_word("VALUE"));
    if (peek().kind == Token::Kind::parameter) {
      AttributeValue value = TRY(take_parameter());
      Item* item = value.get_if<Item>();
      if (item == nullptr) return failure(validation("Unsupported datatype in VALUE: a tuple is required"));
      insert.item = std::move(*item);
      return insert;
    }
    if (!peek().is("{")) return failure(unexpected());
    AttributeValue value = TRY(parse_value(0));
    insert.item = std::move(*value.get_if<Item>());
    return insert;
  }

  Result<AttributeValue> take_parameter() {
    take();
    if (parameter_ >= parameters_.size()) {
      return failure(wrong_parameter_count());
    }
    ValueInput& input = parameters_[parameter_++];
    if (input.problem) return failure(validation(*input.problem));
    return std::move(input.value);
  }

  Result<AttributeValue> take_number() {
    const bool negative = accept("-");
    if (!negative) accept("+");
    if (peek().kind != Token::Kind::number) return failure(unexpected());
    const Number number = TRY(Number::parse(take().text));
    return AttributeValue(negative ? number.negated() : number);
  }

  // A literal: 'text', 12.5, true, null, [list], {'map': …}, <<set>>; or a parameter.
  Result<AttributeValue> parse_value(int depth) {
    if (depth > kDepthMax && (peek().is("[") || peek().is("{"))) {
      return failure(
          validation("Nesting Levels have exceeded supported limits: Attribute value nesting levels exceeded "
                     "the limit of 32"));
    }
    if (peek().kind == Token::Kind::parameter) return take_parameter();
    if (peek().kind == Token::Kind::text) return AttributeValue(take().text);
    if (peek().kind == Token::Kind::number || peek().is("-") || peek().is("+")) return take_number();
    if (accept_word("true")) return AttributeValue(true);
    if (accept_word("false")) return AttributeValue(false);
    if (accept_word("null")) return AttributeValue(Null{});
    if (accept("[")) return parse_list(depth);
    if (accept("{")) return parse_map(depth);
    if (accept("<<")) return parse_set(depth);
    return failure(unexpected());
  }

  Result<AttributeValue> parse_list(int depth) {
    List list;
    if (accept("]")) return AttributeValue(std::move(list));
    do {
      list.push_back(TRY(parse_value(depth + 1)));
    } while (accept(","));
    TRY(expect("]"));
    return AttributeValue(std::move(list));
  }

  Result<AttributeValue> parse_map(int depth) {
    Item map;
    if (accept("}")) return AttributeValue(std::move(map));
    do {
      if (peek().kind != Token::Kind::text && peek().kind != Token::Kind::quoted_name) return failure(unexpected());
      std::string name = take().text;
      TRY(expect(":"));
      map.append(std::move(name), TRY(parse_value(depth + 1)));
    } while (accept(","));
    TRY(expect("}"));
    const std::size_t given = map.size();
    map.settle();
    if (map.size() != given) return failure(validation("Duplicate attribute names in VALUE"));
    return AttributeValue(std::move(map));
  }

  template <class Element>
  static std::optional<AttributeValue> as_set(const List& values) {
    std::vector<Element> set;
    for (const AttributeValue& value : values) {
      const Element* element = value.get_if<Element>();
      if (element == nullptr) return std::nullopt;
      set.push_back(*element);
    }
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return AttributeValue(std::move(set));
  }

  Result<AttributeValue> parse_set(int depth) {
    List values;
    do {
      values.push_back(TRY(parse_value(depth + 1)));
    } while (accept(","));
    TRY(expect(">>"));
    if (auto set = as_set<std::string>(values)) return std::move(*set);
    if (auto set = as_set<Number>(values)) return std::move(*set);
    if (auto set = as_set<Binary>(values)) return std::move(*set);
    return failure(validation("Supplied set holds values of several types, or of one that sets can't hold"));
  }

  Result<SelectStatement> parse_select_head() {
    SelectStatement select;
    if (!accept("*")) {
      do {
        select.columns.push_back(TRY(parse_path()));
      } while (accept(","));
    }
    TRY(expect_word("FROM"));
    select.table = TRY(take_name());
    if (accept(".")) select.index = TRY(take_name());
    return select;
  }

  Result<Statement> parse_select() {
    SelectStatement select = TRY(parse_select_head());
    if (accept_word("WHERE")) select.where = TRY(parse_or());
    if (accept_word("ORDER")) {
      TRY(expect_word("BY"));
      select.order_by = TRY(take_name());
      if (accept_word("DESC")) {
        select.order = SelectStatement::Order::descending;
      } else {
        accept_word("ASC");
      }
    }
    std::vector<const Path*> columns;
    for (const Path& path : select.columns) columns.push_back(&path);
    if (const std::optional<std::string> overlap = find_overlap(columns)) return failure(validation(*overlap));
    return select;
  }

  Result<Path> parse_path() {
    Path path;
    path.steps.emplace_back(TRY(take_name()));
    for (;;) {
      if (accept(".")) {
        path.steps.emplace_back(TRY(take_name()));
      } else if (accept("[")) {
        const std::optional<std::uint32_t> index =
            peek().kind == Token::Kind::number ? base::to_number<std::uint32_t>(peek().text) : std::nullopt;
        if (!index) return failure(unexpected());
        take();
        path.steps.emplace_back(*index);
        TRY(expect("]"));
      } else {
        break;
      }
    }
    if (path.steps.size() > static_cast<std::size_t>(kDepthMax)) {
      return failure(validation("The document path has too many nesting elements; nesting levels: " +
                                std::to_string(path.steps.size())));
    }
    return path;
  }

  Result<Condition> parse_chain(Operator op, std::string_view word, Result<Condition> (StatementParser::*part)()) {
    Condition first = TRY((this->*part)());
    if (!peek().is_word(word)) return first;
    Condition chain{op, {}, {}};
    chain.children.push_back(std::move(first));
    while (accept_word(word)) chain.children.push_back(TRY((this->*part)()));
    return chain;
  }
  Result<Condition> parse_or() { return parse_chain(Operator::logical_or, "OR", &StatementParser::parse_and); }
  Result<Condition> parse_and() { return parse_chain(Operator::logical_and, "AND", &StatementParser::parse_not); }

  Result<Condition> parse_not() {
    constexpr int kNestingMax = 300;
    if (++nesting_ > kNestingMax) return failure(not_well_formed("The condition is nested too deeply"));
    Result<Condition> condition = parse_inner();
    --nesting_;
    return condition;
  }

  Result<Condition> parse_inner() {
    if (accept_word("NOT")) {
      Condition inverse{Operator::logical_not, {}, {}};
      inverse.children.push_back(TRY(parse_not()));
      return inverse;
    }
    if (accept("(")) {
      Condition inner = TRY(parse_or());
      TRY(expect(")"));
      return inner;
    }
    if (peek().kind == Token::Kind::word && peek_next().is("(") && !peek().is_word("size")) return parse_function();
    return parse_comparison();
  }

  Result<Condition> parse_function() {
    for (const Operator op : {Operator::begins_with, Operator::contains, Operator::attribute_type}) {
      if (!peek().is_word(name(op))) continue;
      take();
      take();
      Condition condition{op, {}, {}};
      condition.operands.push_back(TRY(parse_operand()));
      TRY(expect(","));
      condition.operands.push_back(TRY(parse_operand()));
      TRY(expect(")"));
      return condition;
    }
    return failure(validation("Unsupported function in statement: " + peek().text));
  }

  // A path, size(path), or a value.
  Result<Operand> parse_operand() {
    if (peek().is_word("size") && peek_next().is("(")) {
      take();
      take();
      SizeOfPath size{TRY(parse_path())};
      TRY(expect(")"));
      return Operand(std::move(size));
    }
    const bool literal = peek().is_word("true") || peek().is_word("false") || peek().is_word("null");
    const bool is_name = peek().kind == Token::Kind::word || peek().kind == Token::Kind::quoted_name;
    if (is_name && !literal) return Operand(TRY(parse_path()));
    return Operand(TRY(parse_value(0)));
  }

  Result<Condition> parse_comparison() {
    Condition condition{Operator::equal, {}, {}};
    condition.operands.push_back(TRY(parse_operand()));
    if (accept_word("BETWEEN")) {
      condition.op = Operator::between;
      condition.operands.push_back(TRY(parse_operand()));
      TRY(expect_word("AND"));
      condition.operands.push_back(TRY(parse_operand()));
      return condition;
    }
    if (accept_word("IN")) return parse_in(std::move(condition));
    if (accept_word("IS")) return parse_is(std::move(condition));
    constexpr std::pair<std::string_view, Operator> kComparators[] = {
        {"=", Operator::equal},       {"<>", Operator::not_equal}, {"!=", Operator::not_equal},
        {"<=", Operator::less_equal}, {"<", Operator::less},       {">=", Operator::greater_equal},
        {">", Operator::greater},
    };
    for (const auto& [symbol, op] : kComparators) {
      if (!accept(symbol)) continue;
      condition.op = op;
      condition.operands.push_back(TRY(parse_operand()));
      return condition;
    }
    return failure(unexpected());
  }

  Result<Condition> parse_in(Condition condition) {
    condition.op = Operator::in;
    const bool brackets = accept("[");
    if (!brackets) TRY(expect("("));
    do {
      condition.operands.push_back(TRY(parse_operand()));
    } while (accept(","));
    TRY(expect(brackets ? "]" : ")"));
    return condition;
  }

  // path IS [NOT] MISSING
  Result<Condition> parse_is(Condition condition) {
    const bool negative = accept_word("NOT");
    if (!accept_word("MISSING") || !std::holds_alternative<Path>(condition.operands[0])) return failure(unexpected());
    condition.op = negative ? Operator::attribute_exists : Operator::attribute_not_exists;
    return condition;
  }

  const std::vector<Token>& tokens_;
  std::vector<ValueInput> parameters_;  // moved from as they are taken
  std::size_t at_ = 0;
  std::size_t parameter_ = 0;
  int nesting_ = 0;
};

}  // namespace

Result<Statement> parse_statement(std::string_view text, Parameters parameters) {
  const std::vector<Token> tokens = TRY(partiql::tokenize(text));
  return StatementParser(tokens, std::move(parameters).value_or(std::vector<ValueInput>())).parse();
}

std::optional<InsertForm> parse_insert_form(std::string_view text) {
  const Result<std::vector<Token>> tokens = partiql::tokenize(text);
  return tokens ? StatementParser(*tokens, {}).parse_form() : std::nullopt;
}

Result<Done> InsertForm::check(const Parameters& parameters) const {
  const std::size_t given = parameters ? parameters->size() : 0;
  for (std::size_t i = 0; i < std::min(given, attributes.size()); ++i) {
    if ((*parameters)[i].problem) return failure(validation(*(*parameters)[i].problem));
  }
  if (given != attributes.size()) return failure(wrong_parameter_count());
  return Done{};
}

InsertStatement InsertForm::fill(Parameters parameters) const {
  InsertStatement insert{table, {}};
  insert.item.reserve(attributes.size());
  for (const auto& [name, parameter] : attributes) insert.item.append(name, std::move((*parameters)[parameter].value));
  return insert;  // settled: the attributes are sorted, and no two have one name
}

const AttributeValue* InsertForm::find(std::string_view name, const Parameters& parameters) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &(*parameters)[attribute.parameter].value;
  }
  return nullptr;
}

std::optional<StatementTarget> find_target(std::string_view text) {
  const Result<std::vector<Token>> tokens = partiql::tokenize(text);
  if (!tokens) return std::nullopt;
  Result<StatementTarget> target = StatementParser(*tokens, {}).parse_target();
  if (!target) return std::nullopt;
  return std::move(*target);
}

}  // namespace localcloud::dynamodb
