// Following document paths, and projecting items to them.

#include "localcloud/services/dynamodb/expressions/path.hpp"

#include <algorithm>

namespace localcloud::dynamodb {

namespace {

const AttributeValue* follow(const AttributeValue& from, const PathStep& step) {
  if (const auto* name = std::get_if<std::string>(&step)) {
    const Item* map = from.get_if<Item>();
    return map != nullptr ? map->find(*name) : nullptr;
  }
  const List* list = from.get_if<List>();
  const std::uint32_t index = std::get<std::uint32_t>(step);
  return list != nullptr && index < list->size() ? &(*list)[index] : nullptr;
}

}  // namespace

const AttributeValue* find(const Item& item, const Path& path) {
  const AttributeValue* value = item.find(path.attribute());
  for (std::size_t i = 1; i < path.steps.size() && value != nullptr; ++i) value = follow(*value, path.steps[i]);
  return value;
}

std::string describe(const Path& path) {
  std::string out = "[";
  for (const PathStep& step : path.steps) {
    if (out.size() > 1) out += ", ";
    if (const auto* name = std::get_if<std::string>(&step)) {
      out += *name;
    } else {
      out += "[" + std::to_string(std::get<std::uint32_t>(step)) + "]";
    }
  }
  return out + "]";
}

namespace {

// How two paths stand to each other at the first step where they differ, if they do.
std::string_view relation(const Path& a, const Path& b) {
  const std::size_t common = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a.steps[i].index() != b.steps[i].index()) return "conflict";
    if (a.steps[i] != b.steps[i]) return "";
  }
  return "overlap";
}

}  // namespace

// Sorted, a path stands right before those that it begins; neighbours are all that need comparing. Names sort before
// indexes, so two paths that differ in kind at a step are neighbours too, or something between them is.
std::optional<std::string> find_overlap(const std::vector<const Path*>& paths) {
  std::vector<std::size_t> order(paths.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return paths[a]->steps < paths[b]->steps; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const std::size_t one = std::min(order[i - 1], order[i]);
    const std::size_t two = std::max(order[i - 1], order[i]);
    const std::string_view how = relation(*paths[one], *paths[two]);
    if (how.empty()) continue;
    return "Two document paths " + std::string(how) +
           " with each other; must remove or rewrite one of these paths; path one: " + describe(*paths[one]) +
           ", path two: " + describe(*paths[two]);
  }
  return std::nullopt;
}

namespace {

using PathRange = std::span<const Path* const>;  // paths that share their first steps, sorted

std::optional<AttributeValue> project_value(const AttributeValue& value, PathRange paths, std::size_t depth);

// Calls visit(step, paths) for each group of paths that have the same step at this depth.
void for_each_step(PathRange paths, std::size_t depth, auto visit) {
  for (std::size_t begin = 0; begin < paths.size();) {
    std::size_t end = begin + 1;
    while (end < paths.size() && paths[end]->steps[depth] == paths[begin]->steps[depth]) ++end;
    visit(paths[begin]->steps[depth], paths.subspan(begin, end - begin));
    begin = end;
  }
}

Item project_map(const Item& map, PathRange paths, std::size_t depth) {
  Item out;
  for_each_step(paths, depth, [&](const PathStep& step, PathRange group) {
    const auto* name = std::get_if<std::string>(&step);
    const AttributeValue* member = name != nullptr ? map.find(*name) : nullptr;
    if (member == nullptr) return;
    if (std::optional<AttributeValue> value = project_value(*member, group, depth + 1)) {
      out.append(*name, std::move(*value));
    }
  });
  out.settle();
  return out;
}

std::optional<AttributeValue> project_value(const AttributeValue& value, PathRange paths, std::size_t depth) {
  if (paths.front()->steps.size() == depth) return value;
  if (const Item* map = value.get_if<Item>()) {
    Item out = project_map(*map, paths, depth);
    if (out.empty()) return std::nullopt;
    return AttributeValue(std::move(out));
  }
  const List* list = value.get_if<List>();
  if (list == nullptr) return std::nullopt;
  List out;
  for_each_step(paths, depth, [&](const PathStep& step, PathRange group) {
    const auto* index = std::get_if<std::uint32_t>(&step);
    if (index == nullptr || *index >= list->size()) return;
    if (std::optional<AttributeValue> element = project_value((*list)[*index], group, depth + 1)) {
      out.push_back(std::move(*element));
    }
  });
  if (out.empty()) return std::nullopt;
  return AttributeValue(std::move(out));
}

}  // namespace

Item project(const Item& item, const std::vector<Path>& paths) {
  std::vector<const Path*> sorted;
  sorted.reserve(paths.size());
  for (const Path& path : paths) sorted.push_back(&path);
  std::sort(sorted.begin(), sorted.end(), [](const Path* a, const Path* b) { return a->steps < b->steps; });
  return project_map(item, sorted, 0);
}

}  // namespace localcloud::dynamodb
