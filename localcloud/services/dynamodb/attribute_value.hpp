#pragma once
// The values of items: all ten of DynamoDB's types, from JSON and to it, and an item, which maps names to values.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"
#include "localcloud/services/dynamodb/number.hpp"

namespace localcloud::dynamodb {

class AttributeValue;

inline constexpr std::size_t kItemSizeMax = 400 * 1024;
inline constexpr int kDepthMax = 32;  // of lists and maps within each other

// What an item is, and what a map value holds: values by name, sorted by name.
class Item {
 public:
  using Member = std::pair<std::string, AttributeValue>;

  Item() = default;
  Item(std::initializer_list<Member> members);

  const AttributeValue* find(std::string_view name) const;
  AttributeValue* find(std::string_view name);
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  void set(std::string_view name, AttributeValue value);
  void erase(std::string_view name);
  void reserve(std::size_t count) { members_.reserve(count); }
  // Adds a member wherever it belongs; settle() must follow before anything is looked up. Of two with one name the
  // last remains.
  void append(std::string name, AttributeValue value);
  void settle();

  std::size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }
  auto begin() { return members_.begin(); }
  auto end() { return members_.end(); }

  friend bool operator==(const Item& a, const Item& b);

 private:
  std::vector<Member> members_;
};

struct Binary {
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};
struct Null {
  bool operator==(const Null&) const = default;
};

// Sets are kept sorted, so that equal sets are equal; they are never empty and hold nothing twice.
using StringSet = std::vector<std::string>;
using NumberSet = std::vector<Number>;
using BinarySet = std::vector<Binary>;
using List = std::vector<AttributeValue>;

enum class Type { s, n, b, ss, ns, bs, m, l, boolean, null };

// "S", "N", … as JSON and attribute_type() name it.
std::string_view name(Type type);
std::optional<Type> type_named(std::string_view name);
// "STRING", "NUMBER", … as the errors of update expressions name it.
std::string_view long_name(Type type);

class AttributeValue {
 public:
  using Data = std::variant<std::string, Number, Binary, StringSet, NumberSet, BinarySet, Item, List, bool, Null>;

  AttributeValue() : data_(Null{}) {}
  AttributeValue(std::string text) : data_(std::move(text)) {}
  AttributeValue(const char* text) : data_(std::string(text)) {}
  AttributeValue(Number number) : data_(number) {}
  AttributeValue(int number) : data_(Number(number)) {}
  AttributeValue(Binary binary) : data_(std::move(binary)) {}
  AttributeValue(Item map) : data_(std::move(map)) {}
  AttributeValue(List list) : data_(std::move(list)) {}
  AttributeValue(bool value) : data_(value) {}
  AttributeValue(Null null) : data_(null) {}
  // Of a sorted set without duplicates.
  AttributeValue(StringSet set) : data_(std::move(set)) {}
  AttributeValue(NumberSet set) : data_(std::move(set)) {}
  AttributeValue(BinarySet set) : data_(std::move(set)) {}

  Type type() const { return static_cast<Type>(data_.index()); }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  template <class T>
  T* get_if() {
    return std::get_if<T>(&data_);
  }
  const Data& data() const { return data_; }
  Data& data() { return data_; }

  friend bool operator==(const AttributeValue& a, const AttributeValue& b) { return a.data_ == b.data_; }

 private:
  Data data_;
};

inline bool operator==(const Item& a, const Item& b) {
  return a.members_ == b.members_;
}

// The order of two values of one comparable type (S, N, B); nothing for others.
std::optional<std::strong_ordering> compare(const AttributeValue& a, const AttributeValue& b);

// The bytes that AWS counts: names and values in UTF-8, 3 for a list or map and 1 for each of its elements.
std::size_t size_of(const AttributeValue& value);
std::size_t size_of(const Item& item);

// As JSON text: {"S":"text"}; an item {"name":{"S":"text"},…}.
void write_json(std::string& out, const AttributeValue& value);
void write_json(std::string& out, const Item& item);

// As AWS's error messages show values: {S:text}.
std::string describe(const AttributeValue& value);

// A value as a request brought it. A wrong JSON type is an error at once (SerializationException); what is wrong with
// the content AWS says only after it has checked the rest of the request, so it stays with the value.
struct ValueInput {
  AttributeValue value;
  std::optional<std::string> problem;
};
struct ItemInput {
  Item item;
  struct Problem {
    std::string name;  // of the member that has it
    std::string message;
  };
  std::optional<Problem> problem;  // the first one

  // The error as AWS answers it for items and keys.
  Result<Done> check() const;
};

Result<ValueInput> value_from_json(const json::Value& value);
Result<ItemInput> item_from_json(const json::Value& value);
// Of JSON as it is, without types: text is an S, a number an N, an object an M.
ValueInput value_from_plain_json(const json::Value& value);

}  // namespace localcloud::dynamodb
