// Text to tokens.

#include "localcloud/services/dynamodb/partiql/lexer.hpp"

#include "base/text.hpp"
#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb::partiql {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_word_part(char c) {
  return is_word_start(c) || is_digit(c);
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Reads what stands between two of these quotes; a doubled quote is one of the text's own.
std::optional<std::string> read_quoted(std::string_view text, std::size_t& at) {
  const char quote = text[at++];
  std::string out;
  while (at < text.size()) {
    if (text[at] != quote) {
      out += text[at++];
    } else if (at + 1 < text.size() && text[at + 1] == quote) {
      out += quote;
      at += 2;
    } else {
      ++at;
      return out;
    }
  }
  return std::nullopt;
}

std::string read_number(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size()) {
    const bool sign = (text[at] == '+' || text[at] == '-') && (text[at - 1] == 'e' || text[at - 1] == 'E');
    if (!is_digit(text[at]) && text[at] != '.' && text[at] != 'e' && text[at] != 'E' && !sign) break;
    ++at;
  }
  return std::string(text.substr(begin, at - begin));
}

}  // namespace

bool Token::is_word(std::string_view word) const {
  return kind == Kind::word && base::equal_ignoring_case(text, word);
}

Result<std::vector<Token>> tokenize(std::string_view statement) {
  std::vector<Token> tokens;
  tokens.reserve(statement.size() / 4 + 1);  // about as many as there are in 'name': ?, 'name': ?
  std::size_t at = 0;
  for (;;) {
    while (at < statement.size() && is_space(statement[at])) ++at;
    if (at >= statement.size()) break;
    const std::size_t offset = at;
    const char c = statement[at];
    if (c == '"' || c == '\'') {
      std::optional<std::string> text = read_quoted(statement, at);
      if (!text)
        return failure(validation("Statement wasn't well formed, can't be processed: Unterminated quoted text"));
      tokens.push_back({c == '"' ? Token::Kind::quoted_name : Token::Kind::text, std::move(*text), offset});
    } else if (is_digit(c)) {
      tokens.push_back({Token::Kind::number, read_number(statement, at), offset});
    } else if (is_word_start(c)) {
      while (at < statement.size() && is_word_part(statement[at])) ++at;
      tokens.push_back({Token::Kind::word, std::string(statement.substr(offset, at - offset)), offset});
    } else {
      std::size_t length = 1;
      const bool begins_pair = c == '<' || c == '>' || c == '!';
      for (const std::string_view symbol : {"<<", ">>", "<>", "!=", "<=", ">="}) {
        if (begins_pair && statement.substr(at).starts_with(symbol)) length = 2;
      }
      at += length;
      tokens.push_back({c == '?' ? Token::Kind::parameter : Token::Kind::symbol,
                        std::string(statement.substr(offset, length)), offset});
    }
  }
  tokens.push_back({Token::Kind::end, "", statement.size()});
  return tokens;
}

}  // namespace localcloud::dynamodb::partiql
