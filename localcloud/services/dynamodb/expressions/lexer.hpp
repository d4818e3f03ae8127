#pragma once
// The tokens of DynamoDB's expressions.

#include <string>
#include <string_view>
#include <vector>

namespace localcloud::dynamodb {

struct Token {
  enum class Kind { end, name, name_ref, value_ref, index, symbol, invalid };
  Kind kind;
  std::string_view text;  // into the expression
  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  bool is_word(std::string_view word) const;  // a keyword in any case of letters
};

// All of them, the end last. Never empty.
std::vector<Token> tokenize(std::string_view expression);

// The words that AWS puts after "Syntax error; " for the token at `at`: the token, and what stands around it.
std::string describe_position(std::string_view expression, const std::vector<Token>& tokens, std::size_t at);

}  // namespace localcloud::dynamodb
