#pragma once
// A JSON value (RFC 8259). Numbers keep the text they came with, so 38 digits stay exact; members keep their order.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  static Number from_text(std::string text) { return Number(std::move(text)); }

  const std::string& text() const { return text_; }
  double as_double() const;                                  // nearest; ±infinity where it is too large
  std::optional<std::int64_t> as_int64() const;              // where the value is integral (1.0 and 1e2 are) and fits
  bool is_integral() const;                                  // by value: 1.0 and 1e2 are
  friend bool operator==(const Number& a, const Number& b);  // by value, exactly: 1 == 1.0 == 10e-1
  // By value, exactly: below 0, 0 or above 0.
  friend int compare(const Number& a, const Number& b);

 private:
  friend class Value;
  explicit Number(std::string text) : text_(std::move(text)) {}
  explicit Number(std::string_view text) : text_(text) {}

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
  Value& append(std::string_view name);        // likewise; null
  void reserve(std::size_t size);              // that many members won't have to move
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

// Thread-compatible. The as_…() accessors require that the value is of that kind, and throw std::logic_error otherwise;
// find() and the get_…() don't.
class Value {
 public:
  Value() noexcept : kind_(Kind::null), bool_(false) {}
  Value(std::nullptr_t) noexcept : Value() {}
  Value(bool value) noexcept : kind_(Kind::boolean), bool_(value) {}
  Value(int value) : Value(Number(std::int64_t{value})) {}
  Value(std::int64_t value) : Value(Number(value)) {}
  Value(std::uint64_t value) : Value(Number::from_text(std::to_string(value))) {}
  Value(double value) : Value(Number(value)) {}
  Value(Number value) noexcept : kind_(Kind::number), number_(std::move(value)) {}
  Value(std::string value) noexcept : kind_(Kind::string), string_(std::move(value)) {}
  Value(std::string_view value) : kind_(Kind::string), string_(value) {}
  Value(const char* value) : kind_(Kind::string), string_(value) {}
  Value(Array value) noexcept : kind_(Kind::array), array_(std::move(value)) {}
  Value(Object value) noexcept : kind_(Kind::object), object_(std::move(value)) {}

  Value(const Value& other);
  Value(Value&& other) noexcept;  // leaves one of the same kind
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value() { clear(); }

  bool is_null() const { return kind_ == Kind::null; }
  bool is_bool() const { return kind_ == Kind::boolean; }
  bool is_number() const { return kind_ == Kind::number; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }
  std::string_view kind() const;  // "null", "boolean", "number", "string", "array", "object"

  bool as_bool() const { return require(Kind::boolean), bool_; }
  const Number& as_number() const { return require(Kind::number), number_; }
  const std::string& as_string() const { return require(Kind::string), string_; }
  const Array& as_array() const { return require(Kind::array), array_; }
  const Object& as_object() const { return require(Kind::object), object_; }
  std::string& as_string() { return require(Kind::string), string_; }
  Array& as_array() { return require(Kind::array), array_; }
  Object& as_object() { return require(Kind::object), object_; }

  // Makes this a number of that text, a string or something empty. What is given must not lie in this value.
  void become_number(std::string_view text);
  void become_string(std::string_view text);
  Array& become_array();
  Object& become_object();

  // The member of that name, where this is an object that has it.
  const Value* find(std::string_view name) const { return is_object() ? as_object().find(name) : nullptr; }
  // The string member of that name, where there is one. The view lives as long as this value.
  std::optional<std::string_view> get_string(std::string_view name) const;
  std::optional<std::int64_t> get_int64(std::string_view name) const;
  std::optional<bool> get_bool(std::string_view name) const;

  friend bool operator==(const Value& a, const Value& b);  // deep; numbers by value, members in any order

 private:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  void require(Kind kind) const {
    if (kind_ != kind) [[unlikely]]
      throw_wrong_kind();
  }
  [[noreturn]] static void throw_wrong_kind();
  void clear() noexcept {
    if (kind_ > Kind::boolean) destroy();
  }
  void destroy() noexcept;

  Kind kind_;
  union {
    bool bool_;
    Number number_;
    std::string string_;
    Array array_;
    Object object_;
  };
};

}  // namespace json
