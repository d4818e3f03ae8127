#pragma once
// A JSON value (RFC 8259). Numbers keep the text they came with, so 38 digits stay exact; members keep their order.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace json {

class Value;

// A number as it was written, e.g. "1", "-0.50", "6.02e23". Always valid JSON.
class Number {
 public:
  Number() : text_("0") {}
  Number(std::int64_t number) : text_(std::to_string(number)) {}
  explicit Number(double number);  // shortest text that reads back the same; must be finite
  // `text` must be a JSON number: the parser and callers who know.
  static Number from_text(std::string text);

  const std::string& text() const { return text_; }
  double as_double() const;                                  // nearest; ±infinity where it is too large
  std::optional<std::int64_t> as_int64() const;              // where the value is integral (1.0 and 1e2 are) and fits
  bool is_integral() const;                                  // by value: 1.0 and 1e2 are
  friend bool operator==(const Number& a, const Number& b);  // by value, exactly: 1 == 1.0 == 10e-1
  // By value, exactly: below 0, 0 or above 0.
  friend int compare(const Number& a, const Number& b);

 private:
  std::string text_;
};

using Array = std::vector<Value>;

// Members in the order they were added; names are unique (parsing keeps the last of a repeated name in the first's
// place).
class Object {
 public:
  using Member = std::pair<std::string, Value>;

  Object() = default;
  Object(std::initializer_list<Member> members);

  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  Value& operator[](std::string_view name);  // adds null where it is missing
  void set(std::string_view name, Value value);
  void append(std::string name, Value value);  // the name must not be there yet
  bool erase(std::string_view name);

  std::size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }
  auto begin() { return members_.begin(); }
  auto end() { return members_.end(); }

  friend bool operator==(const Object& a, const Object& b);  // whatever the order

 private:
  std::vector<Member> members_;
};

// Thread-compatible. The as_…() accessors require that the value is of that kind; find() and the get_…() don't.
class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool value) : data_(value) {}
  Value(int value) : data_(Number(std::int64_t{value})) {}
  Value(std::int64_t value) : data_(Number(value)) {}
  Value(std::uint64_t value) : data_(Number::from_text(std::to_string(value))) {}
  Value(double value) : data_(Number(value)) {}
  Value(Number value) : data_(std::move(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(std::string_view value) : data_(std::string(value)) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(Array value) : data_(std::move(value)) {}
  Value(Object value) : data_(std::move(value)) {}

  bool is_null() const { return data_.index() == 0; }
  bool is_bool() const { return data_.index() == 1; }
  bool is_number() const { return data_.index() == 2; }
  bool is_string() const { return data_.index() == 3; }
  bool is_array() const { return data_.index() == 4; }
  bool is_object() const { return data_.index() == 5; }
  std::string_view kind() const;  // "null", "boolean", "number", "string", "array", "object"

  bool as_bool() const { return std::get<1>(data_); }
  const Number& as_number() const { return std::get<2>(data_); }
  const std::string& as_string() const { return std::get<3>(data_); }
  const Array& as_array() const { return std::get<4>(data_); }
  const Object& as_object() const { return std::get<5>(data_); }
  std::string& as_string() { return std::get<3>(data_); }
  Array& as_array() { return std::get<4>(data_); }
  Object& as_object() { return std::get<5>(data_); }

  // The member of that name, where this is an object that has it.
  const Value* find(std::string_view name) const { return is_object() ? as_object().find(name) : nullptr; }
  // The string member of that name, where there is one. The view lives as long as this value.
  std::optional<std::string_view> get_string(std::string_view name) const;
  std::optional<std::int64_t> get_int64(std::string_view name) const;
  std::optional<bool> get_bool(std::string_view name) const;

  friend bool operator==(const Value& a, const Value& b);  // deep; numbers by value, members in any order

 private:
  std::variant<std::monostate, bool, Number, std::string, Array, Object> data_;
};

}  // namespace json
