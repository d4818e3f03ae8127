#pragma once
// What a schema compiles to: nodes, each a run of checks in one flat list, and the tables that checks point into.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "pipeline/schema/formats.hpp"
#include "pipeline/schema/pattern.hpp"

namespace pipeline::schema {

using NodeIndex = std::uint32_t;
inline constexpr std::uint32_t kNone = UINT32_MAX;

enum class Op : std::uint8_t {
  never,          // the schema `false`
  type,           // a: mask of types
  one_of_values,  // a: lists
  constant,       // a: values
  minimum,        // a: numbers
  maximum,
  exclusive_minimum,
  exclusive_maximum,
  multiple_of,  // a: divisors
  min_length,   // count
  max_length,
  pattern,    // a: patterns
  format,     // a: formats
  min_items,  // count
  max_items,
  unique_items,
  items,           // a: groups (the first items) or kNone; b: node of the rest or kNone
  contains,        // a: contains
  min_properties,  // count
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

enum TypeBit : std::uint32_t {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,
  kNumber = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
};

struct Check {
  Op op;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint64_t count = 0;
};

struct Node {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t resource = 0;    // the document with an "$id" that it lies in
  bool reads_evaluated = false;  // has unevaluatedItems or unevaluatedProperties
};

struct PropertyTable {
  std::unordered_map<std::string, NodeIndex> named;
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

// multipleOf as digits * 10^exponent.
struct Divisor {
  std::string text;
  std::uint64_t digits;
  std::int64_t exponent;
};

struct Program {
  std::vector<Node> nodes;  // the first is the root
  std::vector<Check> checks;

  std::vector<json::Number> numbers;
  std::vector<Divisor> divisors;
  std::vector<json::Value> values;
  std::vector<std::vector<json::Value>> lists;
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
};

// A number taken apart: ±digits * 10^exponent, digits without leading or trailing zeros ("0" for zero).
struct Decimal {
  std::string digits;
  std::int64_t exponent = 0;
};
Decimal to_decimal(const json::Number& number);
bool is_multiple_of(const json::Number& number, const Divisor& divisor);  // exact

}  // namespace pipeline::schema
