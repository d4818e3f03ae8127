#pragma once
// Patterns that can be told byte by byte, without ever going back: ^[a-z0-9_-]+$, ^[A-Z]{3}$, ^\d+(\.\d+)*$, ^/docs/.
// Most of those in schemas are; they cost a fraction of a general engine's start.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pipeline::schema {

// Immutable.
class Sequence {
 public:
  // Nothing for a pattern that begins without ^, or where the next byte doesn't decide alone what matches it.
  static std::optional<Sequence> compile(std::string_view ecma);

  bool matches(std::string_view text) const;  // well-formed UTF-8

 private:
  friend class SequenceCompiler;

  enum class Op : std::uint8_t {
    one,     // a byte of the class
    repeat,  // min to max bytes of the class
    choose,  // goes on where the next byte is of the class, else at `target`
    jump,    // to `target`
  };
  struct Step {
    Op op;
    std::uint8_t bit = 0;  // of the class in classes_
    std::uint32_t min = 1;
    std::uint32_t max = 1;
    std::uint32_t target = 0;
  };

  const char* end_of_run(const char* at, const char* end, std::uint8_t bit) const;

  std::array<std::uint8_t, 256> classes_ = {};  // a bit for each class that the byte is in
  std::vector<Step> steps_;
  bool to_the_end_ = false;  // ends in $
  bool is_one_run_ = false;  // ^[a-z]+$ and the like
};

}  // namespace pipeline::schema
