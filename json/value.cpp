#include "json/value.hpp"

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

std::string_view Value::kind() const {
  static constexpr std::string_view kNames[] = {"null", "boolean", "number", "string", "array", "object"};
  return kNames[data_.index()];
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
  return a.data_ == b.data_;
}

}  // namespace json
