#pragma once
// config/privacy.json: what of which events is stored otherwise than it came. Pure.
//
//   {"rules": [{"source": "web", "type": "signup", "path": "/properties/email", "action": "hash"}, …]}

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/schema/treatments.hpp"

namespace pipeline::privacy {

using schema::Treatment;

enum class Part { properties, context };

struct Rule {
  std::string source;  // whose events; empty: anybody's
  std::string type;    // of which type; empty: of any
  Part part = Part::properties;
  std::vector<std::string> steps;  // into that part, one or more: a member's name, an element's index, or kAny
  Treatment treatment = Treatment::drop;
};

inline constexpr std::string_view kAny = "*";  // every member, or every element, at one level

// In their order: the first that fits a value decides what becomes of it.
using Rules = std::vector<Rule>;

// What is wrong with the text, where it can't be used: a rule that is misspelt must not leave a value as it is.
std::expected<Rules, std::string> parse_rules(const std::string& text);

}  // namespace pipeline::privacy
