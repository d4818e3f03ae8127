#pragma once
// Where in a JSON text everything lies, without building it. Used by json/ only.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "json/parse.hpp"

namespace json {

// A value or a member's name; its first byte says what it is.
class Mark {
 public:
  enum class Form : std::uint32_t { plain = 0, escaped = 1 };

  Mark() = default;
  Mark(std::uint32_t begin, std::uint32_t extent, Form form = Form::plain)
      : begin(begin), extent_(extent | static_cast<std::uint32_t>(form) << 31) {}

  // Bytes of a number or between a string's quotes; items; members.
  std::uint32_t extent() const { return extent_ & 0x7fffffff; }
  bool is_escaped() const { return (extent_ >> 31) != 0; }  // a string with escapes

  std::uint32_t begin;  // where its first byte is

 private:
  std::uint32_t extent_;
};

// Marks in the text's order. Those of a short text need no memory but their own.
class Marks {
 public:
  Marks() = default;
  Marks(const Marks&) = delete;
  Marks& operator=(const Marks&) = delete;

  const Mark* begin() const { return marks_; }
  std::size_t size() const { return size_; }
  Mark& operator[](std::size_t index) { return marks_[index]; }
  void add(Mark mark) {
    if (size_ == capacity_) [[unlikely]]
      reserve(2 * capacity_);
    marks_[size_++] = mark;
  }
  [[gnu::noinline]] void reserve(std::size_t capacity);

 private:
  static constexpr std::size_t kFew = 128;
  Mark few_[kFew];
  std::unique_ptr<Mark[]> many_;
  Mark* marks_ = few_;
  std::size_t size_ = 0;
  std::size_t capacity_ = kFew;
};

// Adds those of the text's value and of all in it: an object's members follow it, each value its name. The text is JSON
// and within the limits where this says nothing.
std::optional<ParseError> scan(std::string_view text, ParseLimits limits, Marks& marks);

struct Escape {
  std::uint32_t code_point = 0;
  const char* end = nullptr;    // behind it, or where it is wrong
  const char* error = nullptr;  // what is wrong, if anything
};
// The escape in a string whose backslash is before `at`.
Escape read_escape(const char* at, const char* end);

}  // namespace json
