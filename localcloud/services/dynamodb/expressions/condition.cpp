// What a condition means.

#include "localcloud/services/dynamodb/expressions/condition.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::array<std::string_view, 16> kOperatorNames = {"=",
                                                             "<>",
                                                             "<",
                                                             "<=",
                                                             ">",
                                                             ">=",
                                                             "BETWEEN",
                                                             "IN",
                                                             "attribute_exists",
                                                             "attribute_not_exists",
                                                             "attribute_type",
                                                             "begins_with",
                                                             "contains",
                                                             "AND",
                                                             "OR",
                                                             "NOT"};

// The value of an operand for one item; a size is kept in here.
class Evaluated {
 public:
  Evaluated(const Operand& operand, const Item& item) {
    if (const auto* path = std::get_if<Path>(&operand)) {
      value_ = find(item, *path);
    } else if (const auto* value = std::get_if<AttributeValue>(&operand)) {
      value_ = value;
    } else if (const AttributeValue* measured = find(item, std::get<SizeOfPath>(operand).path)) {
      size_ = measure(*measured);
      value_ = size_ ? &*size_ : nullptr;
    }
  }
  Evaluated(const Evaluated&) = delete;
  const AttributeValue* get() const { return value_; }

 private:
  const AttributeValue* value_ = nullptr;
  std::optional<AttributeValue> size_;
};

bool equal(const AttributeValue* a, const AttributeValue* b) {
  return a != nullptr && b != nullptr && *a == *b;
}

bool ordered(const AttributeValue* a, Operator op, const AttributeValue* b) {
  if (a == nullptr || b == nullptr) return false;
  const std::optional<std::strong_ordering> order = compare(*a, *b);
  if (!order) return false;
  switch (op) {
    case Operator::less:
      return *order < 0;
    case Operator::less_equal:
      return *order <= 0;
    case Operator::greater:
      return *order > 0;
    default:
      return *order >= 0;
  }
}

bool begins_with(const AttributeValue& value, const AttributeValue& prefix) {
  if (const auto* text = value.get_if<std::string>()) {
    const auto* wanted = prefix.get_if<std::string>();
    return wanted != nullptr && text->starts_with(*wanted);
  }
  const auto* binary = value.get_if<Binary>();
  const auto* wanted = prefix.get_if<Binary>();
  return binary != nullptr && wanted != nullptr && binary->bytes.starts_with(wanted->bytes);
}

template <class Element>
bool set_contains(const AttributeValue& value, const AttributeValue& wanted) {
  const auto* set = value.get_if<std::vector<Element>>();
  const auto* element = wanted.get_if<Element>();
  return set != nullptr && element != nullptr && std::binary_search(set->begin(), set->end(), *element);
}

bool contains(const AttributeValue& value, const AttributeValue& wanted) {
  switch (value.type()) {
    case Type::s: {
      const auto* text = wanted.get_if<std::string>();
      return text != nullptr && value.get_if<std::string>()->find(*text) != std::string::npos;
    }
    case Type::b: {
      const auto* binary = wanted.get_if<Binary>();
      return binary != nullptr && value.get_if<Binary>()->bytes.find(binary->bytes) != std::string::npos;
    }
    case Type::ss:
      return set_contains<std::string>(value, wanted);
    case Type::ns:
      return set_contains<Number>(value, wanted);
    case Type::bs:
      return set_contains<Binary>(value, wanted);
    case Type::l: {
      const List& list = *value.get_if<List>();
      return std::find(list.begin(), list.end(), wanted) != list.end();
    }
    default:
      return false;
  }
}

bool is_of_type(const AttributeValue& value, const AttributeValue& type) {
  const auto* wanted = type.get_if<std::string>();
  return wanted != nullptr && name(value.type()) == *wanted;
}

bool two_operands_hold(const Condition& condition, const Item& item) {
  const Evaluated a(condition.operands[0], item);
  const Evaluated b(condition.operands[1], item);
  switch (condition.op) {
    case Operator::equal:
      return equal(a.get(), b.get());
    case Operator::not_equal:
      return !equal(a.get(), b.get());
    case Operator::begins_with:
      return a.get() != nullptr && b.get() != nullptr && begins_with(*a.get(), *b.get());
    case Operator::contains:
      return a.get() != nullptr && b.get() != nullptr && contains(*a.get(), *b.get());
    case Operator::attribute_type:
      return a.get() != nullptr && b.get() != nullptr && is_of_type(*a.get(), *b.get());
    default:
      return ordered(a.get(), condition.op, b.get());
  }
}

}  // namespace

std::optional<AttributeValue> measure(const AttributeValue& value) {
  const auto number = [](std::size_t size) { return AttributeValue(Number(static_cast<std::int64_t>(size))); };
  if (const auto* text = value.get_if<std::string>()) return number(base::count_code_points(*text));
  if (const auto* binary = value.get_if<Binary>()) return number(binary->bytes.size());
  if (const auto* map = value.get_if<Item>()) return number(map->size());
  if (const auto* list = value.get_if<List>()) return number(list->size());
  if (const auto* set = value.get_if<StringSet>()) return number(set->size());
  if (const auto* set = value.get_if<NumberSet>()) return number(set->size());
  if (const auto* set = value.get_if<BinarySet>()) return number(set->size());
  return std::nullopt;
}

std::string_view name(Operator op) {
  return kOperatorNames[static_cast<std::size_t>(op)];
}

bool Condition::holds_for(const Item& item) const {
  const auto child_holds = [&](const Condition& child) { return child.holds_for(item); };
  switch (op) {
    case Operator::logical_and:
      return std::all_of(children.begin(), children.end(), child_holds);
    case Operator::logical_or:
      return std::any_of(children.begin(), children.end(), child_holds);
    case Operator::logical_not:
      return !child_holds(children[0]);
    case Operator::attribute_exists:
      return find(item, std::get<Path>(operands[0])) != nullptr;
    case Operator::attribute_not_exists:
      return find(item, std::get<Path>(operands[0])) == nullptr;
    case Operator::between: {
      const Evaluated value(operands[0], item);
      return ordered(value.get(), Operator::greater_equal, Evaluated(operands[1], item).get()) &&
             ordered(value.get(), Operator::less_equal, Evaluated(operands[2], item).get());
    }
    case Operator::in: {
      const Evaluated value(operands[0], item);
      return std::any_of(operands.begin() + 1, operands.end(),
                         [&](const Operand& operand) { return equal(value.get(), Evaluated(operand, item).get()); });
    }
    default:
      return two_operands_hold(*this, item);
  }
}

void for_each_path(const Condition& condition, const std::function<void(const Path&)>& visit) {
  for (const Operand& operand : condition.operands) {
    if (const auto* path = std::get_if<Path>(&operand)) visit(*path);
    if (const auto* size = std::get_if<SizeOfPath>(&operand)) visit(size->path);
  }
  for (const Condition& child : condition.children) for_each_path(child, visit);
}

}  // namespace localcloud::dynamodb
