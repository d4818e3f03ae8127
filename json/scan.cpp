// By recursive descent, the depth limited. Positions are passed along, not kept, so that they stay in registers.

#include "json/scan.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/plain.hpp"

namespace json {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

class Scanner {
 public:
  Scanner(std::string_view text, ParseLimits limits, Marks& marks)
      : begin_(text.data()), end_(begin_ + text.size()), limits_(limits), marks_(marks) {}

  std::optional<ParseError> run() {
    constexpr std::size_t kSizeMax = (std::size_t{1} << 31) - 1;  // what a Mark can tell
    const auto size = static_cast<std::size_t>(end_ - begin_);
    if (size > kSizeMax) return ParseError("the text is longer than 2 GiB", 0);
    marks_.reserve(size / 8);  // more, if need be
    const char* at = value(skip_space(begin_), 0);
    if (at) at = skip_space(at);
    if (at && at != end_) at = fail(at, "unexpected text after the value");
    return at ? std::nullopt : std::optional(std::move(error_));
  }

 private:
  // Each of these takes where something begins and returns where it has ended, or null where it is wrong.

  const char* fail(const char* at, const char* message) {
    error_ = {message, static_cast<std::size_t>(at - begin_)};
    return nullptr;
  }

  char peek(const char* at) const { return at != end_ ? *at : '\0'; }

  const char* skip_space(const char* at) const {
    while (at != end_ && static_cast<unsigned char>(*at) <= ' ' && is_space(*at)) ++at;
    return at;
  }

  void mark(const char* at, std::size_t extent = 0, Mark::Form form = Mark::Form::plain) {
    marks_.add(Mark(static_cast<std::uint32_t>(at - begin_), static_cast<std::uint32_t>(extent), form));
  }

  [[gnu::always_inline]] const char* value(const char* at, std::size_t depth) {
    switch (peek(at)) {
      case '"':
        return string(at);
      case '{':
        return object(at, depth + 1);
      case '[':
        return array(at, depth + 1);
      case 't':
        return word(at, "true");
      case 'f':
        return word(at, "false");
      case 'n':
        return word(at, "null");
      default:
        return at == end_ ? fail(at, "unexpected end of the text") : number(at);
    }
  }

  const char* word(const char* at, std::string_view word) {
    if (!std::string_view(at, end_).starts_with(word)) return fail(at, "expected a value");
    mark(at);
    return at + word.size();
  }

  const char* skip_digits(const char* at) const {
    while (is_digit(peek(at))) ++at;
    return at;
  }

  [[gnu::always_inline]] const char* number(const char* const begin) {
    const char* at = begin;
    if (*at == '-') ++at;
    const char* const whole = at;
    at = skip_digits(at);
    if (at == whole) return fail(at, at == begin ? "expected a value" : "expected a digit");
    if (*whole == '0' && at != whole + 1) return fail(whole + 1, "a number can't begin with 0");
    if (peek(at) == '.') {
      const char* const fraction = ++at;
      at = skip_digits(at);
      if (at == fraction) return fail(at, "expected a digit after the decimal point");
    }
    if (peek(at) == 'e' || peek(at) == 'E') {
      ++at;
      if (peek(at) == '+' || peek(at) == '-') ++at;
      const char* const exponent = at;
      at = skip_digits(at);
      if (at == exponent) return fail(at, "expected a digit in the exponent");
    }
    mark(begin, static_cast<std::size_t>(at - begin));
    return at;
  }

  [[gnu::always_inline]] const char* string(const char* const begin) {
    Mark::Form form = Mark::Form::plain;
    const char* at = begin + 1;
    for (;;) {
      const Plain plain = find_plain({at, end_});
      if (!plain.is_ascii) {
        if (const auto bad = base::first_invalid_utf8({at, plain.length})) return fail(at + *bad, "invalid UTF-8");
      }
      at += plain.length;
      if (at == end_) return fail(at, "unexpected end of the text in a string");
      if (*at == '"') break;
      if (*at != '\\') return fail(at, "a control character in a string must be escaped");
      const Escape escape = read_escape(at + 1, end_);
      if (escape.error) return fail(escape.end, escape.error);
      form = Mark::Form::escaped;
      at = escape.end;
    }
    mark(begin, static_cast<std::size_t>(at - begin - 1), form);
    return at + 1;
  }

  const char* array(const char* at, std::size_t depth) {
    if (depth > limits_.depth_max) return fail(at, "nested too deep");
    const std::size_t index = marks_.size();
    mark(at);
    at = skip_space(at + 1);
    if (peek(at) == ']') return at + 1;
    for (std::uint32_t count = 1;; ++count) {
      at = value(at, depth);
      if (!at) return nullptr;
      at = skip_space(at);
      if (peek(at) != ',') {
        marks_[index] = Mark(marks_[index].begin, count);
        return peek(at) == ']' ? at + 1 : fail(at, "expected ',' or ']' in an array");
      }
      at = skip_space(at + 1);
    }
  }

  const char* object(const char* at, std::size_t depth) {
    if (depth > limits_.depth_max) return fail(at, "nested too deep");
    const std::size_t index = marks_.size();
    mark(at);
    at = skip_space(at + 1);
    if (peek(at) == '}') return at + 1;
    for (std::uint32_t count = 1;; ++count) {
      if (peek(at) != '"') return fail(at, "expected a member's name");
      at = string(at);
      if (!at) return nullptr;
      at = skip_space(at);
      if (peek(at) != ':') return fail(at, "expected ':' after a member's name");
      at = value(skip_space(at + 1), depth);
      if (!at) return nullptr;
      at = skip_space(at);
      if (peek(at) != ',') {
        marks_[index] = Mark(marks_[index].begin, count);
        return peek(at) == '}' ? at + 1 : fail(at, "expected ',' or '}' in an object");
      }
      at = skip_space(at + 1);
    }
  }

  const char* const begin_;
  const char* const end_;
  const ParseLimits limits_;
  Marks& marks_;
  ParseError error_{};
};

// What the letter after a backslash stands for; 0 where nothing.
char meaning_of(char letter) {
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

// Four hexadecimal digits, the number in `code_point`.
Escape read_hex4(const char* at, const char* end) {
  Escape out;
  for (int i = 0; i < 4; ++i, ++at) {
    const char c = at != end ? *at : '\0';
    int digit = -1;
    if (is_digit(c)) digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return {.end = at, .error = "expected four hexadecimal digits after \\u"};
    out.code_point = out.code_point * 16 + static_cast<std::uint32_t>(digit);
  }
  out.end = at;
  return out;
}

}  // namespace

void Marks::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  auto marks = std::make_unique_for_overwrite<Mark[]>(capacity);
  std::copy_n(marks_, size_, marks.get());
  many_ = std::move(marks);
  marks_ = many_.get();
  capacity_ = capacity;
}

Escape read_escape(const char* at, const char* end) {
  const char letter = at != end ? *at : '\0';
  if (const char meaning = meaning_of(letter)) return {static_cast<unsigned char>(meaning), at + 1};
  if (letter != 'u') return {.end = at, .error = "unknown escape in a string"};
  Escape high = read_hex4(at + 1, end);
  if (high.error || high.code_point < 0xd800 || high.code_point > 0xdfff) return high;
  if (high.code_point >= 0xdc00) return {.end = high.end, .error = "a low surrogate without a high one"};
  constexpr const char* kAlone = "a high surrogate without a low one";
  if (!std::string_view(high.end, end).starts_with("\\u")) return {.end = high.end, .error = kAlone};
  const Escape low = read_hex4(high.end + 2, end);
  if (low.error) return low;
  if (low.code_point < 0xdc00 || low.code_point > 0xdfff) return {.end = low.end, .error = kAlone};
  return {0x10000 + ((high.code_point - 0xd800) << 10) + (low.code_point - 0xdc00), low.end};
}

std::optional<ParseError> scan(std::string_view text, ParseLimits limits, Marks& marks) {
  return Scanner(text, limits, marks).run();
}

}  // namespace json
