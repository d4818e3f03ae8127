#pragma once
// A regular expression of a schema: written for ECMA-262, run in linear time on any input. What can't be is refused:
// back-references, and look-around but for look-ahead at the very beginning.

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/schema/sequence.hpp"

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

  // Anywhere in the text, which must be well-formed UTF-8.
  bool matches(std::string_view text) const { return sequence_ ? sequence_->matches(text) : all_parts_match(text); }
  const std::string& text() const { return text_; }  // as the schema has it
  std::uint64_t size() const { return size_; }       // instructions: what a byte of input costs at worst
  // What looking for it in that many bytes costs at worst, in steps of a Budget.
  std::uint64_t cost(std::size_t bytes) const { return sequence_ ? bytes / 64 : 1 + bytes * size_ / 256; }

 private:
  struct Part {
    std::unique_ptr<re2::RE2> program;
    bool is_wanted = true;  // false for a negative look-ahead
  };

  explicit Pattern(std::string_view text);
  bool all_parts_match(std::string_view text) const;
  std::expected<void, std::string> add(std::string_view ecma, bool is_wanted);

  std::string text_;
  std::optional<Sequence> sequence_;
  std::vector<Part> parts_;  // where it isn't a sequence: all must be as wanted
  std::uint64_t size_ = 1;
};

}  // namespace pipeline::schema
