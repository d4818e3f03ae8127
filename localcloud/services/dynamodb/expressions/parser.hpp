#pragma once
// What the parsers of the five kinds of expressions share: tokens, paths, and which error comes first.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/dynamodb/expressions/lexer.hpp"
#include "localcloud/services/dynamodb/expressions/path.hpp"
#include "localcloud/services/dynamodb/expressions/substitutions.hpp"

namespace localcloud::dynamodb {

inline constexpr std::size_t kExpressionSizeMax = 4096;
inline constexpr int kOperatorsMax = 300;

// AWS reads a whole expression before it looks at its meaning: a syntax error comes before all others, and these come
// in this order, whatever stands first in the text.
enum class Rank {
  parentheses,
  unknown_function,
  misused_function,
  reserved_word,
  undefined,
  operands,
  distinct,
  count
};

class Parser {
 public:
  // `parameter` is what errors call the expression, e.g. "ConditionExpression". `text` must outlive this.
  Parser(std::string_view text, std::string_view parameter, Substitutions& substitutions);

  // The error of an expression that is empty or too long.
  Result<Done> check_size() const;

  const Token& peek() const { return tokens_[at_]; }
  const Token& peek_next() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
  Token take() { return tokens_[peek().kind == Token::Kind::end ? at_ : at_++]; }
  bool accept(std::string_view symbol);
  bool accept_word(std::string_view word);
  Result<Done> expect(std::string_view symbol);
  ServiceError syntax_error() const;  // at the token that comes next

  // Where the next token can begin a path.
  bool at_path() const { return peek().kind == Token::Kind::name || peek().kind == Token::Kind::name_ref; }
  Result<Path> parse_path();
  // The value that a :reference stands for; a null value, and a problem noted, where it isn't defined.
  AttributeValue take_value();

  void note(Rank rank, std::string message);
  void count_operator() { ++operators_; }
  bool has_problems() const { return problem_.has_value(); }
  // The expression's error, once all of it has been parsed.
  Result<Done> finish() const;

  ServiceError error(std::string_view message) const;

 private:
  Result<std::string> take_name();

  std::string_view text_;
  std::string_view parameter_;
  Substitutions& substitutions_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int operators_ = 0;
  std::optional<std::pair<Rank, std::string>> problem_;
};

}  // namespace localcloud::dynamodb
