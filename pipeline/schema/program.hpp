#pragma once
// What a schema compiles to: nodes, each a run of checks in one flat list, and the tables that checks point into.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "pipeline/schema/formats.hpp"
#include "pipeline/schema/name_table.hpp"
#include "pipeline/schema/numbers.hpp"
#include "pipeline/schema/pattern.hpp"
#include "pipeline/schema/treatments.hpp"

namespace pipeline::schema {

using NodeIndex = std::uint32_t;
inline constexpr std::uint32_t kNone = UINT32_MAX;

enum class Op : std::uint8_t {
  // Those of leaves
  never,          // the schema `false`
  one_of_values,  // a: enums
  constant,       // a: values
  range,          // a: ranges
  multiple_of,    // a: divisors
  min_length,     // b: the count
  max_length,
  pattern,  // a: patterns
  format,   // a: formats
  // Those that look inside, or at other nodes
  min_items,  // b: the count
  max_items,
  unique_items,
  items,           // a: groups (the first items) or kNone; b: node of the rest or kNone
  contains,        // a: contains
  min_properties,  // b: the count
  max_properties,
  required,            // a: names
  properties,          // a: properties
  property_names,      // a: node
  dependent_required,  // a: dependents_required
  dependent_schemas,   // a: dependents_schemas
  all_of,              // a: groups
  any_of,
  one_of,
  negation,           // a: node
  conditional,        // a: conditionals
  reference,          // a: node
  dynamic_reference,  // a: node; b: dynamic_names
  unevaluated_items,  // a: node
  unevaluated_properties,
};

inline constexpr std::size_t kLeafOps = static_cast<std::size_t>(Op::format) + 1;
inline constexpr std::size_t kOps = static_cast<std::size_t>(Op::unevaluated_properties) + 1;

enum TypeBit : std::uint8_t {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,
  kNumber = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
  kAnyType = 127,
};

struct Check {
  Op op;
  std::uint32_t a = 0;
  std::uint64_t b = 0;
};

struct Node {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t resource = 0;     // the document with an "$id" that it lies in
  std::uint8_t types = kAnyType;  // those that it allows
  bool reads_evaluated = false;   // has unevaluatedItems or unevaluatedProperties
  bool is_leaf = false;           // leads to no other node
};

struct EnumTable {
  std::vector<json::Value> values;
  NameTable strings;                // those among them
  std::vector<json::Value> others;  // and the rest
};

struct Property {
  NodeIndex node = kNone;  // kNone for one that is only required
  std::uint64_t bit = 0;   // in PropertyTable::required_bits; 0 for one that may be missing
  // All that a text has to keep here, where that is one check; lies in Program::checks.
  const Check* text_check = nullptr;
};

struct PropertyTable {
  NameTable names;
  std::vector<Property> named;        // by name
  std::vector<std::string> required;  // unless they are more than 64, which a check of their own looks after
  std::uint64_t required_bits = 0;
  std::vector<std::pair<std::uint32_t, NodeIndex>> patterns;
  NodeIndex additional = kNone;
};

struct ContainsTable {
  NodeIndex node;
  std::uint64_t at_least = 1;
  std::uint64_t at_most = UINT64_MAX;
  bool marks_evaluated = true;  // 2020-12; earlier drafts don't
};

struct ConditionalTable {
  NodeIndex condition;
  NodeIndex then = kNone;
  NodeIndex otherwise = kNone;
};

struct Program {
  Program() = default;
  Program(const Program&) = delete;  // since some of it points to other parts
  Program& operator=(const Program&) = delete;

  std::vector<Node> nodes;  // the first is the root
  std::vector<Check> checks;

  std::vector<Range> ranges;
  std::vector<Divisor> divisors;
  std::vector<json::Value> values;
  std::vector<EnumTable> enums;
  std::vector<Pattern> patterns;
  std::vector<std::pair<std::string, FormatCheck>> formats;
  std::vector<std::vector<std::string>> names;
  std::vector<std::vector<NodeIndex>> groups;
  std::vector<PropertyTable> properties;
  std::vector<ContainsTable> contains;
  std::vector<ConditionalTable> conditionals;
  std::vector<std::vector<std::pair<std::string, std::vector<std::string>>>> dependents_required;
  std::vector<std::vector<std::pair<std::string, NodeIndex>>> dependents_schemas;
  std::vector<std::string> dynamic_names;
  // Where a dynamic name is an anchor: by resource and name.
  std::map<std::pair<std::uint32_t, std::string>, NodeIndex> dynamic_anchors;
  Treatments treatments;  // validation doesn't see them
};

}  // namespace pipeline::schema
