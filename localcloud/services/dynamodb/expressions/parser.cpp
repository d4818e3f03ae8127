// Tokens to paths and references.

#include "localcloud/services/dynamodb/expressions/parser.hpp"

#include "base/text.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/expressions/reserved_words.hpp"

namespace localcloud::dynamodb {

Parser::Parser(std::string_view text, std::string_view parameter, Substitutions& substitutions)
    : text_(text), parameter_(parameter), substitutions_(substitutions) {
  if (text.size() <= kExpressionSizeMax) {
    tokens_ = tokenize(text);
  } else {
    tokens_.push_back({Token::Kind::end, text.substr(text.size())});
  }
}

ServiceError Parser::error(std::string_view message) const {
  return validation("Invalid " + std::string(parameter_) + ": " + std::string(message));
}

Result<Done> Parser::check_size() const {
  if (text_.size() > kExpressionSizeMax) {
    return failure(error("Expression size has exceeded the maximum allowed size; expression size: " +
                         std::to_string(text_.size())));
  }
  if (peek().kind == Token::Kind::end) return failure(error("The expression can not be empty;"));
  return Done{};
}

ServiceError Parser::syntax_error() const {
  return error("Syntax error; " + describe_position(text_, tokens_, at_));
}

bool Parser::accept(std::string_view symbol) {
  if (!peek().is(symbol)) return false;
  take();
  return true;
}

bool Parser::accept_word(std::string_view word) {
  if (!peek().is_word(word)) return false;
  take();
  return true;
}

Result<Done> Parser::expect(std::string_view symbol) {
  if (!accept(symbol)) return failure(syntax_error());
  return Done{};
}

Result<std::string> Parser::take_name() {
  if (!at_path()) return failure(syntax_error());
  const Token token = take();
  if (token.kind == Token::Kind::name) {
    if (is_reserved(token.text)) {
      note(Rank::reserved_word, "Attribute name is a reserved keyword; reserved keyword: " + std::string(token.text));
    }
    return std::string(token.text);
  }
  if (const std::string* name = substitutions_.find_name(token.text)) return *name;
  note(Rank::undefined, "An expression attribute name used in the document path is not defined; attribute name: " +
                            std::string(token.text));
  return std::string();
}

Result<Path> Parser::parse_path() {
  Path path;
  path.steps.emplace_back(TRY(take_name()));
  for (;;) {
    if (accept(".")) {
      path.steps.emplace_back(TRY(take_name()));
    } else if (accept("[")) {
      if (peek().kind != Token::Kind::index) return failure(syntax_error());
      const std::string_view text = take().text;
      const std::optional<std::uint32_t> index = base::to_number<std::uint32_t>(text);
      if (!index || *index > 0x7fffffff) {
        note(Rank::undefined, "List index is not within the allowable range; index: [" + std::string(text) + "]");
      }
      path.steps.emplace_back(index.value_or(0));
      TRY(expect("]"));
    } else {
      break;
    }
  }
  if (path.steps.size() > static_cast<std::size_t>(kDepthMax)) {
    note(Rank::undefined,
         "The document path has too many nesting elements; nesting levels: " + std::to_string(path.steps.size()));
  }
  return path;
}

AttributeValue Parser::take_value() {
  const std::string_view ref = take().text;
  if (const AttributeValue* value = substitutions_.find_value(ref)) return *value;
  note(Rank::undefined,
       "An expression attribute value used in expression is not defined; attribute value: " + std::string(ref));
  return {};
}

void Parser::note(Rank rank, std::string message) {
  if (!problem_ || rank < problem_->first) problem_ = {rank, std::move(message)};
}

Result<Done> Parser::finish() const {
  if (peek().kind != Token::Kind::end) return failure(syntax_error());
  if (problem_) return failure(error(problem_->second));
  if (operators_ > kOperatorsMax) {
    return failure(error("The expression contains too many operators; operator count: " + std::to_string(operators_)));
  }
  return Done{};
}

}  // namespace localcloud::dynamodb
