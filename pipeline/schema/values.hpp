#pragma once
// What the validator asks of values and notes about them. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "pipeline/schema/numbers.hpp"
#include "pipeline/schema/program.hpp"

namespace pipeline::schema {

// How much work one value may cost, in steps of some tens of nanoseconds: a schema whose alternatives multiply ends
// there instead of taking minutes.
class Budget {
 public:
  static constexpr std::uint64_t kSteps = 2'000'000;

  void spend(std::uint64_t steps) { spent_ += steps; }
  bool is_spent() const { return spent_ > kSteps; }

 private:
  std::uint64_t spent_ = 0;
};

// Where in the value we are: a chain on the stack, written out only for a violation.
struct Location {
  const Location* parent = nullptr;
  std::string_view name;
  std::size_t index = 0;
  bool is_index = false;
};

// The JSON pointer to the location, cut off where names without end would make it longer than a reader wants.
std::string pointer_to(const Location& location);

// The beginning of a long text.
std::string shorten(std::string text, std::size_t length_max = 100);

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

// Which names an object has: of a large one all are noted at the first question.
class Members {
 public:
  explicit Members(const json::Object& object) : object_(object) {}
  bool has(const std::string& name);

 private:
  const json::Object& object_;
  std::unordered_set<std::string_view> names_;
};

// Whether the value is of one of the types: an integral number is both an integer and a number.
[[gnu::always_inline]] inline bool is_of(const json::Value& value, std::uint8_t types) {
  if (value.is_string()) return types & kString;
  if (value.is_number()) return (types & kNumber) || ((types & kInteger) && is_integral(value.as_number()));
  if (value.is_object()) return types & kObject;
  if (value.is_array()) return types & kArray;
  return types & (value.is_bool() ? kBoolean : kNull);
}
// "string or null"
std::string type_names(std::uint8_t types);

// Deep, in time that grows with the size and not with its square.
bool are_equal(const json::Value& a, const json::Value& b, Budget& budget);

// The first two equal items, if any are found before the budget is spent.
std::optional<std::pair<std::size_t, std::size_t>> find_equal(const json::Array& items, Budget& budget);

}  // namespace pipeline::schema
