// Comparing, measuring and describing values; attribute_value_json.cpp reads and writes them.

#include "localcloud/services/dynamodb/attribute_value.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::array<std::string_view, 10> kNames = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"};
constexpr std::array<std::string_view, 10> kLongNames = {"STRING",     "NUMBER", "BINARY", "STRING_SET", "NUMBER_SET",
                                                         "BINARY_SET", "MAP",    "LIST",   "BOOLEAN",    "NULL"};

auto lower_bound(auto& members, std::string_view name) {
  return std::lower_bound(members.begin(), members.end(), name,
                          [](const Item::Member& member, std::string_view wanted) { return member.first < wanted; });
}

}  // namespace

std::string_view name(Type type) {
  return kNames[static_cast<std::size_t>(type)];
}
std::string_view long_name(Type type) {
  return kLongNames[static_cast<std::size_t>(type)];
}

std::optional<Type> type_named(std::string_view wanted) {
  const auto found = std::find(kNames.begin(), kNames.end(), wanted);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Type>(found - kNames.begin());
}

Item::Item(std::initializer_list<Member> members) : members_(members) {
  settle();
}

const AttributeValue* Item::find(std::string_view name) const {
  const auto at = lower_bound(members_, name);
  return at != members_.end() && at->first == name ? &at->second : nullptr;
}

AttributeValue* Item::find(std::string_view name) {
  const auto at = lower_bound(members_, name);
  return at != members_.end() && at->first == name ? &at->second : nullptr;
}

void Item::set(std::string_view name, AttributeValue value) {
  const auto at = lower_bound(members_, name);
  if (at != members_.end() && at->first == name) {
    at->second = std::move(value);
  } else {
    members_.emplace(at, std::string(name), std::move(value));
  }
}

void Item::erase(std::string_view name) {
  const auto at = lower_bound(members_, name);
  if (at != members_.end() && at->first == name) members_.erase(at);
}

void Item::append(std::string name, AttributeValue value) {
  members_.emplace_back(std::move(name), std::move(value));
}

void Item::settle() {
  const auto by_name = [](const Member& a, const Member& b) { return a.first < b.first; };
  if (!std::is_sorted(members_.begin(), members_.end(), by_name)) {
    std::stable_sort(members_.begin(), members_.end(), by_name);
  }
  // Kept from the back, the last of a name stays.
  const auto kept = std::unique(members_.rbegin(), members_.rend(),
                                [](const Member& a, const Member& b) { return a.first == b.first; });
  members_.erase(members_.begin(), kept.base());
}

std::optional<std::strong_ordering> compare(const AttributeValue& a, const AttributeValue& b) {
  if (a.type() != b.type()) return std::nullopt;
  if (const auto* text = a.get_if<std::string>()) return *text <=> *b.get_if<std::string>();
  if (const auto* number = a.get_if<Number>()) return *number <=> *b.get_if<Number>();
  if (const auto* binary = a.get_if<Binary>()) return *binary <=> *b.get_if<Binary>();
  return std::nullopt;
}

namespace {

struct SizeOf {
  std::size_t operator()(const std::string& text) const { return text.size(); }
  std::size_t operator()(const Number& number) const { return number.size(); }
  std::size_t operator()(const Binary& binary) const { return binary.bytes.size(); }
  std::size_t operator()(bool) const { return 1; }
  std::size_t operator()(Null) const { return 1; }
  std::size_t operator()(const Item& map) const { return 3 + map.size() + size_of(map); }
  std::size_t operator()(const List& list) const {
    std::size_t size = 3;
    for (const AttributeValue& value : list) size += 1 + size_of(value);
    return size;
  }
  template <class Element>
  std::size_t operator()(const std::vector<Element>& set) const {
    std::size_t size = 0;
    for (const Element& element : set) size += (*this)(element);
    return size;
  }
};

}  // namespace

std::size_t size_of(const AttributeValue& value) {
  return std::visit(SizeOf{}, value.data());
}

std::size_t size_of(const Item& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item) size += name.size() + size_of(value);
  return size;
}

namespace {

void append_described(std::string& out, const AttributeValue& value);

struct Describe {
  std::string& out;

  void operator()(const std::string& text) const { out += text; }
  void operator()(const Number& number) const { number.append_text(out); }
  void operator()(const Binary& binary) const { out += base::to_base64(binary.bytes); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(Null) const { out += "true"; }
  void operator()(const Item& map) const {
    out += '{';
    bool first = true;
    for (const auto& [name, value] : map) {
      if (!std::exchange(first, false)) out += ", ";
      out.append(name) += '=';
      append_described(out, value);
    }
    out += '}';
  }
  template <class Element>
  void operator()(const std::vector<Element>& elements) const {
    out += '[';
    bool first = true;
    for (const Element& element : elements) {
      if (!std::exchange(first, false)) out += ", ";
      if constexpr (std::is_same_v<Element, AttributeValue>) {
        append_described(out, element);
      } else {
        (*this)(element);
      }
    }
    out += ']';
  }
};

void append_described(std::string& out, const AttributeValue& value) {
  out.append("{").append(name(value.type())) += ':';
  std::visit(Describe{out}, value.data());
  out += '}';
}

}  // namespace

std::string describe(const AttributeValue& value) {
  std::string out;
  append_described(out, value);
  return out;
}

Result<Done> ItemInput::check() const {
  if (problem) return failure(validation(problem->message));
  return Done{};
}

}  // namespace localcloud::dynamodb
