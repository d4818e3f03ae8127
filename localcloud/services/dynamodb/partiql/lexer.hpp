#pragma once
// The tokens of PartiQL.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace localcloud::dynamodb::partiql {

struct Token {
  enum class Kind { end, word, quoted_name, text, number, parameter, symbol };
  Kind kind;
  std::string text;        // without its quotes
  std::size_t offset = 0;  // in the statement
  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  bool is_word(std::string_view word) const;  // a keyword in any case of letters
};

// All of them, the end last.
Result<std::vector<Token>> tokenize(std::string_view statement);

}  // namespace localcloud::dynamodb::partiql
