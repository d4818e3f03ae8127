#pragma once
// What the validator asks of values and notes about them. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.hpp"

namespace pipeline::schema {

// Where in the value we are: a chain on the stack, written out only for a violation.
struct Location {
  const Location* parent = nullptr;
  std::string_view name;
  std::size_t index = 0;
  bool is_index = false;
};

// Appends the JSON pointer to the location.
void append_pointer(std::string& out, const Location* location);

// Which members or items of one value some schema has looked at: what unevaluatedProperties and unevaluatedItems leave.
struct Evaluated {
  std::vector<bool> marks;
  void mark(std::size_t index, std::size_t size) {
    if (marks.size() < size) marks.resize(size);
    marks[index] = true;
  }
  void mark_all(std::size_t size) { marks.assign(size, true); }
  void merge(const Evaluated& other) {
    if (marks.size() < other.marks.size()) marks.resize(other.marks.size());
    for (std::size_t i = 0; i < other.marks.size(); ++i) {
      if (other.marks[i]) marks[i] = true;
    }
  }
  bool has(std::size_t index) const { return index < marks.size() && marks[index]; }
};

// TypeBits of the value: an integral number is both an integer and a number.
std::uint32_t type_of(const json::Value& value);
// "string or null"
std::string type_names(std::uint32_t mask);

// The first two equal items, if any.
std::optional<std::pair<std::size_t, std::size_t>> find_equal(const json::Array& items);

}  // namespace pipeline::schema
