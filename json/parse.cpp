// A recursive-descent parser, its depth limited. By hand because numbers must keep their 38 digits, an error must say
// where, and the statically linked functions need it too (docs/decisions.md).

#include "json/parse.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "json/plain.hpp"

namespace json {

namespace {

class Parser {
 public:
  Parser(std::string_view text, ParseLimits limits) : text_(text), limits_(limits) {}

  std::expected<Value, ParseError> parse_document() {
    skip_space();
    Value value;
    if (!parse_value(value, 0)) return std::unexpected(error_);
    skip_space();
    if (at_ != text_.size()) {
      fail("unexpected text after the value");
      return std::unexpected(error_);
    }
    return value;
  }

 private:
  bool fail(std::string message) {
    error_ = {std::move(message), at_};
    return false;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool parse_value(Value& out, std::size_t depth) {
    if (at_ == text_.size()) return fail("unexpected end of the text");
    switch (text_[at_]) {
      case '{':
        return parse_object(out, depth + 1);
      case '[':
        return parse_array(out, depth + 1);
      case '"': {
        out = Value(std::string());
        return parse_string(out.as_string());
      }
      case 't':
        return parse_word("true", Value(true), out);
      case 'f':
        return parse_word("false", Value(false), out);
      case 'n':
        return parse_word("null", Value(), out);
      default:
        return parse_number(out);
    }
  }

  bool parse_word(std::string_view word, Value value, Value& out) {
    if (text_.substr(at_, word.size()) != word) return fail("expected a value");
    at_ += word.size();
    out = std::move(value);
    return true;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  bool parse_number(Value& out) {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    if (!is_digit(peek())) return fail(at_ == begin ? "expected a value" : "expected a digit");
    if (peek() == '0') {
      ++at_;
      if (is_digit(peek())) return fail("a number can't begin with 0");
    }
    while (is_digit(peek())) ++at_;
    if (peek() == '.') {
      ++at_;
      if (!is_digit(peek())) return fail("expected a digit after the decimal point");
      while (is_digit(peek())) ++at_;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!is_digit(peek())) return fail("expected a digit in the exponent");
      while (is_digit(peek())) ++at_;
    }
    out = Value(Number::from_text(std::string(text_.substr(begin, at_ - begin))));
    return true;
  }

  bool parse_string(std::string& out) {
    ++at_;  // the opening quote
    for (;;) {
      const Plain plain = find_plain(text_.substr(at_));
      const std::string_view run = text_.substr(at_, plain.length);
      if (!plain.is_ascii) {
        if (const auto bad = base::first_invalid_utf8(run)) {
          at_ += *bad;
          return fail("invalid UTF-8");
        }
      }
      at_ += run.size();
      if (at_ == text_.size()) return fail("unexpected end of the text in a string");
      if (text_[at_] == '\\' && out.empty()) out.reserve(run.size() + measure_escaped());
      out.append(run);
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (text_[at_] != '\\') return fail("a control character in a string must be escaped");
      if (!parse_escape(out)) return false;
    }
  }

  // The bytes from a string's first escape to its end, as they are written: what they stand for is no longer.
  std::size_t measure_escaped() const {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] == '\\') {
      end = std::min(end + 2, text_.size());
      end += find_plain(text_.substr(end)).length;
    }
    return end - at_;
  }

  // Of an escape of one letter; else 0.
  static char meaning_of(char letter) {
    switch (letter) {
      case '"':
      case '\\':
      case '/':
        return letter;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        return '\0';
    }
  }

  bool parse_escape(std::string& out) {
    ++at_;  // the backslash
    const char c = peek();
    if (const char meaning = meaning_of(c)) {
      out += meaning;
      ++at_;
      return true;
    }
    if (c != 'u') return fail("unknown escape in a string");
    ++at_;
    std::uint32_t code_point = 0;
    if (!parse_hex4(code_point)) return false;
    if (code_point >= 0xdc00 && code_point <= 0xdfff) return fail("a low surrogate without a high one");
    if (code_point >= 0xd800 && code_point <= 0xdbff) {
      std::uint32_t low = 0;
      if (text_.substr(at_, 2) != "\\u") return fail("a high surrogate without a low one");
      at_ += 2;
      if (!parse_hex4(low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return fail("a high surrogate without a low one");
      code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
    }
    base::append_utf8(out, code_point);
    return true;
  }

  bool parse_hex4(std::uint32_t& out) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      int digit = -1;
      if (is_digit(c)) digit = c - '0';
      if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
      if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
      if (digit < 0) return fail("expected four hexadecimal digits after \\u");
      out = out * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  bool parse_array(Value& out, std::size_t depth) {
    if (depth > limits_.depth_max) return fail("nested too deep");
    ++at_;
    out = Value(Array());
    Array& array = out.as_array();
    skip_space();
    if (peek() == ']') {
      ++at_;
      return true;
    }
    for (;;) {
      skip_space();
      if (!parse_value(array.emplace_back(), depth)) return false;
      skip_space();
      if (peek() == ',') {
        ++at_;
        continue;
      }
      if (peek() != ']') return fail("expected ',' or ']' in an array");
      ++at_;
      return true;
    }
  }

  bool parse_object(Value& out, std::size_t depth) {
    if (depth > limits_.depth_max) return fail("nested too deep");
    ++at_;
    out = Value(Object());
    Object& object = out.as_object();
    Names names;
    skip_space();
    if (peek() == '}') {
      ++at_;
      return true;
    }
    for (;;) {
      skip_space();
      if (peek() != '"') return fail("expected a member's name");
      std::string name;
      if (!parse_string(name)) return false;
      skip_space();
      if (peek() != ':') return fail("expected ':' after a member's name");
      ++at_;
      skip_space();
      if (!parse_value(member_named(object, names, std::move(name)), depth)) return false;
      skip_space();
      if (peek() == ',') {
        ++at_;
        continue;
      }
      if (peek() != '}') return fail("expected ',' or '}' in an object");
      ++at_;
      return true;
    }
  }

  // Where each name stands, kept only for objects so large that a linear search would cost.
  using Names = std::unordered_map<std::string, std::size_t>;

  static Value& member_named(Object& object, Names& names, std::string name) {
    static constexpr std::size_t kLinearMax = 32;
    if (object.size() < kLinearMax) {
      if (Value* const known = object.find(name)) return *known;
      return added(object, std::move(name));
    }
    if (names.empty()) {
      for (std::size_t i = 0; i < object.size(); ++i) names.emplace((object.begin() + i)->first, i);
    }
    const auto [known, is_new] = names.emplace(name, object.size());
    return is_new ? added(object, std::move(name)) : (object.begin() + known->second)->second;
  }
  static Value& added(Object& object, std::string name) {
    object.append(std::move(name), Value());
    return (object.end() - 1)->second;
  }

  std::string_view text_;
  ParseLimits limits_;
  std::size_t at_ = 0;
  ParseError error_{};
};

}  // namespace

std::string ParseError::describe() const {
  return message + " at byte " + std::to_string(offset);
}

std::expected<Value, ParseError> parse(std::string_view text, ParseLimits limits) {
  return Parser(text, limits).parse_document();
}

}  // namespace json
