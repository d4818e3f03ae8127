// Carrying out an update on an item.

#include "localcloud/services/dynamodb/expressions/update.hpp"

#include <algorithm>

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

using Kind = SetValue::Kind;

ServiceError wrong_type() {
  return validation("An operand in the update expression has an incorrect data type");
}
ServiceError no_such_path() {
  return validation("The document path provided in the update expression is invalid for update");
}
ServiceError no_such_attribute() {
  return validation("The provided expression refers to an attribute that does not exist in the item");
}

Result<AttributeValue> evaluate(const SetValue& value, const Item& item) {
  switch (value.kind) {
    case Kind::value:
      return value.value;
    case Kind::path: {
      const AttributeValue* found = find(item, value.path);
      if (found == nullptr) return failure(no_such_attribute());
      return *found;
    }
    case Kind::if_not_exists: {
      const AttributeValue* found = find(item, value.path);
      if (found != nullptr) return *found;
      return evaluate(value.operands[0], item);
    }
    default:
      break;
  }
  AttributeValue a = TRY(evaluate(value.operands[0], item));
  AttributeValue b = TRY(evaluate(value.operands[1], item));
  if (value.kind == Kind::list_append) {
    List* front = a.get_if<List>();
    List* back = b.get_if<List>();
    if (front == nullptr || back == nullptr) return failure(wrong_type());
    std::move(back->begin(), back->end(), std::back_inserter(*front));
    return a;
  }
  const Number* left = a.get_if<Number>();
  const Number* right = b.get_if<Number>();
  if (left == nullptr || right == nullptr) return failure(wrong_type());
  return AttributeValue(TRY(value.kind == Kind::plus ? add(*left, *right) : subtract(*left, *right)));
}

int depth_of(const AttributeValue& value) {
  int deepest = 0;
  if (const Item* map = value.get_if<Item>()) {
    for (const auto& [name, member] : *map) deepest = std::max(deepest, depth_of(member));
    return deepest + 1;
  }
  const List* list = value.get_if<List>();
  if (list == nullptr) return 0;
  for (const AttributeValue& element : *list) deepest = std::max(deepest, depth_of(element));
  return deepest + 1;
}

// The map or the list that holds the last step of a path; one of them.
struct Holder {
  Item* map = nullptr;
  List* list = nullptr;
};

Result<Holder> find_holder(Item& item, const Path& path) {
  Holder holder{&item};
  for (std::size_t i = 0; i + 1 < path.steps.size(); ++i) {
    AttributeValue* next = nullptr;
    if (const auto* name = std::get_if<std::string>(&path.steps[i])) {
      next = holder.map != nullptr ? holder.map->find(*name) : nullptr;
    } else {
      const std::uint32_t index = std::get<std::uint32_t>(path.steps[i]);
      next = holder.list != nullptr && index < holder.list->size() ? &(*holder.list)[index] : nullptr;
    }
    if (next == nullptr) return failure(no_such_path());
    holder = {next->get_if<Item>(), next->get_if<List>()};
  }
  const bool by_name = std::holds_alternative<std::string>(path.steps.back());
  if (by_name ? holder.map == nullptr : holder.list == nullptr) return failure(no_such_path());
  return holder;
}

// An index beyond the end of the list appends to it.
Result<Done> put_at(Item& item, const Path& path, AttributeValue value) {
  if (static_cast<int>(path.steps.size()) - 1 + depth_of(value) > kDepthMax) {
    return failure(
        validation("Nesting Levels have exceeded supported limits: Attribute value nesting levels exceeded the limit "
                   "of 32"));
  }
  const Holder holder = TRY(find_holder(item, path));
  if (const auto* name = std::get_if<std::string>(&path.steps.back())) {
    holder.map->set(*name, std::move(value));
    return Done{};
  }
  const std::uint32_t index = std::get<std::uint32_t>(path.steps.back());
  if (index < holder.list->size()) {
    (*holder.list)[index] = std::move(value);
  } else {
    holder.list->push_back(std::move(value));
  }
  return Done{};
}

Result<Done> remove_at(Item& item, const Path& path) {
  const Holder holder = TRY(find_holder(item, path));
  if (const auto* name = std::get_if<std::string>(&path.steps.back())) {
    holder.map->erase(*name);
    return Done{};
  }
  const std::uint32_t index = std::get<std::uint32_t>(path.steps.back());
  if (index < holder.list->size()) holder.list->erase(holder.list->begin() + index);
  return Done{};
}

template <class Set>
Result<AttributeValue> combine_sets(const AttributeValue& have, const Set& change, UpdateAction::Kind kind) {
  const Set* old = have.get_if<Set>();
  if (old == nullptr) return failure(wrong_type());
  Set result;
  if (kind == UpdateAction::Kind::add) {
    std::set_union(old->begin(), old->end(), change.begin(), change.end(), std::back_inserter(result));
  } else {
    std::set_difference(old->begin(), old->end(), change.begin(), change.end(), std::back_inserter(result));
  }
  return AttributeValue(std::move(result));
}

bool is_empty_set(const AttributeValue& value) {
  const auto* strings = value.get_if<StringSet>();
  const auto* numbers = value.get_if<NumberSet>();
  const auto* binaries = value.get_if<BinarySet>();
  return (strings != nullptr && strings->empty()) || (numbers != nullptr && numbers->empty()) ||
         (binaries != nullptr && binaries->empty());
}

// ADD and DELETE.
Result<Done> combine(Item& item, const UpdateAction& action) {
  const AttributeValue& change = action.value.value;
  const AttributeValue* have = find(item, action.path);
  if (have == nullptr) {
    if (action.kind == UpdateAction::Kind::add) return put_at(item, action.path, change);
    TRY(find_holder(item, action.path));
    return Done{};
  }
  AttributeValue result;
  if (const auto* number = change.get_if<Number>()) {
    const auto* old = have->get_if<Number>();
    if (old == nullptr) return failure(wrong_type());
    result = TRY(add(*old, *number));
  } else if (const auto* strings = change.get_if<StringSet>()) {
    result = TRY(combine_sets(*have, *strings, action.kind));
  } else if (const auto* numbers = change.get_if<NumberSet>()) {
    result = TRY(combine_sets(*have, *numbers, action.kind));
  } else {
    result = TRY(combine_sets(*have, *change.get_if<BinarySet>(), action.kind));
  }
  // A set without members is no value: the attribute goes.
  if (is_empty_set(result)) return remove_at(item, action.path);
  return put_at(item, action.path, std::move(result));
}

}  // namespace

// Indexes mean the lists as they were: values are put in ascending order, so that those beyond the end are appended in
// the order of their indexes, and elements are removed from the back.
Result<Done> Update::apply(Item& item) const {
  std::vector<std::pair<const UpdateAction*, AttributeValue>> sets;
  std::vector<const UpdateAction*> removals;
  for (const UpdateAction& action : actions) {
    if (action.kind == UpdateAction::Kind::set) sets.emplace_back(&action, TRY(evaluate(action.value, item)));
    if (action.kind == UpdateAction::Kind::remove) removals.push_back(&action);
  }
  std::sort(sets.begin(), sets.end(),
            [](const auto& a, const auto& b) { return a.first->path.steps < b.first->path.steps; });
  for (auto& [action, value] : sets) TRY(put_at(item, action->path, std::move(value)));
  for (const UpdateAction& action : actions) {
    if (action.kind == UpdateAction::Kind::add || action.kind == UpdateAction::Kind::del) TRY(combine(item, action));
  }
  std::sort(removals.begin(), removals.end(),
            [](const UpdateAction* a, const UpdateAction* b) { return a->path.steps > b->path.steps; });
  for (const UpdateAction* action : removals) TRY(remove_at(item, action->path));
  return Done{};
}

std::vector<Path> Update::targets() const {
  std::vector<Path> paths;
  for (const UpdateAction& action : actions) paths.push_back(action.path);
  return paths;
}

}  // namespace localcloud::dynamodb
