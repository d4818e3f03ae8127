#pragma once
// What the comparisons of JSON and field patterns have in common: a cursor over the pattern's text, the operators, and
// the operand on their right: a number, a text in which `*` stands for anything, or a %regular expression%.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

namespace re2 {
class RE2;
}

namespace localcloud::logs::filter {

enum class Comparison { equal, not_equal, less, less_or_equal, greater, greater_or_equal };

// Reads a pattern from left to right. The views it gives live as long as the pattern's text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  void skip_spaces();
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const { return rest_; }
  void advance(std::size_t count) { rest_.remove_prefix(count); }
  // Takes `literal` where it is next, after spaces.
  bool take(std::string_view literal);
  // Takes `word` where it is next, after spaces, and no letter follows it.
  bool take_word(std::string_view word);
  // Takes the run of characters that satisfy `wanted`.
  template <class Wanted>
  std::string_view take_while(Wanted wanted) {
    std::size_t length = 0;
    while (length < rest_.size() && wanted(rest_[length])) ++length;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  // Takes a "quoted text", unescaped, or a %regular expression%, without its marks. Nothing where it doesn't end.
  std::optional<std::string> take_quoted();
  std::optional<std::string> take_regex();
  std::optional<Comparison> take_comparison();

 private:
  std::string_view rest_;
};

// A regular expression in the subset that CloudWatch Logs takes: no groups, no look-around.
Result<std::shared_ptr<const re2::RE2>> compile_regex(const std::string& text);
bool contains_match(const re2::RE2& regex, std::string_view text);

// Whether `text` as a whole is like `pattern`, in which each * stands for any characters. Linear in both lengths'
// product.
bool is_like(std::string_view text, std::string_view pattern);

class Operand {
 public:
  // The operand at the cursor; an unquoted one ends where one of `terminators`, a space, && or || begins.
  static Result<Operand> parse(Cursor& cursor, std::string_view terminators);

  // Only = and != make sense for a text or a regular expression.
  bool allows(Comparison comparison) const;
  bool holds(Comparison comparison, std::string_view text) const;
  bool holds(Comparison comparison, const json::Value& value) const;

 private:
  bool equals(std::string_view text) const;

  std::string text_;
  std::optional<double> number_;  // where an unquoted text is one
  std::shared_ptr<const re2::RE2> regex_;
};

// Regular expressions are costly to AWS and to us: a pattern may hold two.
inline constexpr int kRegexesMax = 2;
int count_regexes(std::string_view pattern);

}  // namespace localcloud::logs::filter
