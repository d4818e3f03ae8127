#pragma once
// What becomes of events that their schema refuses, by source and type, as config/validation.json says. Pure.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {

inline constexpr std::string_view kPoliciesKey = "config/validation.json";

struct Policy {
  enum class Invalid {
    block,    // it is quarantined
    omit,     // properties that the schema doesn't know are put aside; what breaks another rule is quarantined
    observe,  // it is stored, with what the schema says of it
  };
  Invalid invalid = Invalid::block;
  Formats formats = Formats::asserted;

  bool operator==(const Policy&) const = default;
};

// An ordered list of rules. Without any, everything is blocked.
class Policies {
 public:
  // {"rules": [{"source": "web", "type": "click", "invalid": "omit", "formats": "annotate"}, …]}: what is wrong with
  // the text, where it isn't that.
  static std::expected<Policies, std::string> parse(const std::string& text);

  // That of the first rule which the source and the type meet.
  Policy of(std::string_view source, std::string_view type) const;
  std::size_t size() const { return rules_.size(); }

 private:
  struct Rule {
    std::string source;  // empty: any
    std::string type;    // likewise
    Policy policy;
  };
  std::vector<Rule> rules_;
};

}  // namespace pipeline::schema
