// Text to tokens.

#include "localcloud/services/dynamodb/expressions/lexer.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace localcloud::dynamodb {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_part(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t count_while(std::string_view text, std::size_t from, bool (*wanted)(char)) {
  std::size_t end = from;
  while (end < text.size() && wanted(text[end])) ++end;
  return end - from;
}

Token next_token(std::string_view rest) {
  const char first = rest[0];
  if (is_letter(first)) return {Token::Kind::name, rest.substr(0, count_while(rest, 0, is_word_part))};
  if (is_digit(first)) return {Token::Kind::index, rest.substr(0, count_while(rest, 0, is_digit))};
  if (first == '#' || first == ':') {
    const std::size_t length = count_while(rest, 1, is_word_part);
    const Token::Kind kind = first == '#' ? Token::Kind::name_ref : Token::Kind::value_ref;
    return {length == 0 ? Token::Kind::invalid : kind, rest.substr(0, length + 1)};
  }
  for (const std::string_view symbol : {"<>", "<=", ">="}) {
    if (rest.starts_with(symbol)) return {Token::Kind::symbol, rest.substr(0, 2)};
  }
  constexpr std::string_view kSymbols = "()[],.=<>+-";
  return {kSymbols.find(first) == kSymbols.npos ? Token::Kind::invalid : Token::Kind::symbol, rest.substr(0, 1)};
}

}  // namespace

bool Token::is_word(std::string_view word) const {
  return kind == Kind::name && base::equal_ignoring_case(text, word);
}

std::vector<Token> tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  tokens.reserve(expression.size() / 4 + 2);
  for (std::size_t at = 0;;) {
    at += count_while(expression, at, is_space);
    if (at >= expression.size()) break;
    tokens.push_back(next_token(expression.substr(at)));
    at += tokens.back().text.size();
  }
  tokens.push_back({Token::Kind::end, expression.substr(expression.size())});
  return tokens;
}

std::string describe_position(std::string_view expression, const std::vector<Token>& tokens, std::size_t at) {
  const Token& token = tokens[at];
  const Token& first = tokens[at == 0 ? 0 : at - 1];
  const Token& last = tokens[std::min(at + 1, tokens.size() - 1)];
  const auto begin = static_cast<std::size_t>(first.text.data() - expression.data());
  const auto end = static_cast<std::size_t>(last.text.data() - expression.data()) + last.text.size();
  std::string_view near = expression.substr(begin, end - begin);
  while (!near.empty() && is_space(near.back())) near.remove_suffix(1);
  std::string out = "token: \"";
  out.append(token.kind == Token::Kind::end ? "<EOF>" : token.text).append("\", near: \"").append(near).append("\"");
  return out;
}

}  // namespace localcloud::dynamodb
