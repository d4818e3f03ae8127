#pragma once
// Document paths: names and list indexes from an item down to a value, e.g. address.lines[0].

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "localcloud/services/dynamodb/attribute_value.hpp"

namespace localcloud::dynamodb {

using PathStep = std::variant<std::string, std::uint32_t>;

// At least one step; the first is a name.
struct Path {
  std::vector<PathStep> steps;

  const std::string& attribute() const { return std::get<std::string>(steps.front()); }
  bool is_nested() const { return steps.size() > 1; }
  bool operator==(const Path&) const = default;
};

const AttributeValue* find(const Item& item, const Path& path);

// As AWS's errors show it: [address, lines, [0]].
std::string describe(const Path& path);

// What is wrong with two of these paths used together, in AWS's words, if anything is.
std::optional<std::string> find_overlap(const std::vector<const Path*>& paths);

// The parts of the item that the paths name, each in the maps and lists around it. The paths must not overlap.
Item project(const Item& item, const std::vector<Path>& paths);

}  // namespace localcloud::dynamodb
