#include "json/value.hpp"

#include <memory>
#include <stdexcept>
#include <tuple>

#include "base/check.hpp"

namespace json {

Object::Object(std::initializer_list<Member> members) {
  members_.reserve(members.size());
  for (const Member& member : members) set(member.first, member.second);
}

const Value* Object::find(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

Value* Object::find(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find(name));
}

Value& Object::operator[](std::string_view name) {
  if (Value* value = find(name)) return *value;
  return members_.emplace_back(std::string(name), Value()).second;
}

void Object::set(std::string_view name, Value value) {
  (*this)[name] = std::move(value);
}

void Object::append(std::string name, Value value) {
  members_.emplace_back(std::move(name), std::move(value));
}

Value& Object::append(std::string_view name) {
  return members_.emplace_back(std::piecewise_construct, std::forward_as_tuple(name), std::tuple<>()).second;
}

void Object::reserve(std::size_t size) {
  members_.reserve(size);
}

bool Object::erase(std::string_view name) {
  for (auto member = members_.begin(); member != members_.end(); ++member) {
    if (member->first == name) {
      members_.erase(member);
      return true;
    }
  }
  return false;
}

bool operator==(const Object& a, const Object& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.members_.size(); ++i) {
    const auto& [name, value] = a.members_[i];
    // Mostly the order is the same too.
    const Value* other = b.members_[i].first == name ? &b.members_[i].second : b.find(name);
    if (!other || !(value == *other)) return false;
  }
  return true;
}

Value::Value(const Value& other) : kind_(other.kind_), bool_(false) {
  switch (kind_) {
    case Kind::null:
      break;
    case Kind::boolean:
      bool_ = other.bool_;
      break;
    case Kind::number:
      std::construct_at(&number_, other.number_);
      break;
    case Kind::string:
      std::construct_at(&string_, other.string_);
      break;
    case Kind::array:
      std::construct_at(&array_, other.array_);
      break;
    case Kind::object:
      std::construct_at(&object_, other.object_);
  }
}

Value::Value(Value&& other) noexcept : kind_(other.kind_), bool_(false) {
  switch (kind_) {
    case Kind::null:
      break;
    case Kind::boolean:
      bool_ = other.bool_;
      break;
    case Kind::number:
      std::construct_at(&number_, std::move(other.number_));
      break;
    case Kind::string:
      std::construct_at(&string_, std::move(other.string_));
      break;
    case Kind::array:
      std::construct_at(&array_, std::move(other.array_));
      break;
    case Kind::object:
      std::construct_at(&object_, std::move(other.object_));
  }
}

Value& Value::operator=(const Value& other) {
  return *this = Value(other);
}

Value& Value::operator=(Value&& other) noexcept {
  Value taken(std::move(other));  // first, since it may lie in this one
  clear();
  return *std::construct_at(this, std::move(taken));
}

void Value::destroy() noexcept {
  switch (kind_) {
    case Kind::null:
    case Kind::boolean:
      break;
    case Kind::number:
      std::destroy_at(&number_);
      break;
    case Kind::string:
      std::destroy_at(&string_);
      break;
    case Kind::array:
      std::destroy_at(&array_);
      break;
    case Kind::object:
      std::destroy_at(&object_);
  }
}

void Value::throw_wrong_kind() {
  throw std::logic_error("a JSON value is of another kind");
}

void Value::become_number(std::string_view text) {
  clear();
  kind_ = Kind::null;
  std::construct_at(&number_, Number(text));
  kind_ = Kind::number;
}

void Value::become_string(std::string_view text) {
  clear();
  kind_ = Kind::null;
  std::construct_at(&string_, text);
  kind_ = Kind::string;
}

Array& Value::become_array() {
  clear();
  kind_ = Kind::array;
  return *std::construct_at(&array_);
}

Object& Value::become_object() {
  clear();
  kind_ = Kind::object;
  return *std::construct_at(&object_);
}

std::string_view Value::kind() const {
  static constexpr std::string_view kNames[] = {"null", "boolean", "number", "string", "array", "object"};
  return kNames[static_cast<std::size_t>(kind_)];
}

std::optional<std::string_view> Value::get_string(std::string_view name) const {
  const Value* value = find(name);
  if (!value || !value->is_string()) return std::nullopt;
  return value->as_string();
}

std::optional<std::int64_t> Value::get_int64(std::string_view name) const {
  const Value* value = find(name);
  if (!value || !value->is_number()) return std::nullopt;
  return value->as_number().as_int64();
}

std::optional<bool> Value::get_bool(std::string_view name) const {
  const Value* value = find(name);
  if (!value || !value->is_bool()) return std::nullopt;
  return value->as_bool();
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Value::Kind::null:
      return true;
    case Value::Kind::boolean:
      return a.bool_ == b.bool_;
    case Value::Kind::number:
      return a.number_ == b.number_;
    case Value::Kind::string:
      return a.string_ == b.string_;
    case Value::Kind::array:
      return a.array_ == b.array_;
    case Value::Kind::object:
      return a.object_ == b.object_;
  }
  return false;
}

}  // namespace json
