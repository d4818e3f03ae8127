#pragma once
// A regular expression of a schema: written for ECMA-262, run by RE2, which takes linear time on any input and can't
// take look-around and back-references. Those are refused.

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace pipeline::schema {

// Immutable, thread-safe.
class Pattern {
 public:
  static std::expected<Pattern, std::string> compile(std::string_view ecma);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  bool matches(std::string_view text) const;  // anywhere in it
  const std::string& text() const { return text_; }

 private:
  Pattern(std::string text, std::unique_ptr<re2::RE2> program);
  std::string text_;  // as the schema has it
  std::unique_ptr<re2::RE2> program_;
};

}  // namespace pipeline::schema
