// Rules, held against a schema of their own.

#include "pipeline/schema/policies.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "json/parse.hpp"

namespace pipeline::schema {

namespace {

constexpr std::string_view kRules = R"({
  "type": "object", "required": ["rules"], "additionalProperties": false,
  "properties": {"rules": {"type": "array", "maxItems": 1000, "items": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "source": {"type": "string", "minLength": 1},
      "type": {"type": "string", "minLength": 1},
      "invalid": {"enum": ["block", "omit", "observe"]},
      "formats": {"enum": ["assert", "annotate"]}}}}}})";

Schema schema_of_rules() {
  const auto document = json::parse(kRules);
  CHECK(document);
  auto schema = Schema::compile(*document);
  CHECK(schema);
  return *std::move(schema);
}

Policy::Invalid read_invalid(std::string_view name) {
  if (name == "omit") return Policy::Invalid::omit;
  return name == "observe" ? Policy::Invalid::observe : Policy::Invalid::block;
}

}  // namespace

std::expected<Policies, std::string> Policies::parse(const std::string& text) {
  const auto document = json::parse(text);
  if (!document) return std::unexpected("not JSON: " + document.error().describe());
  if (const auto violations = schema_of_rules().validate(*document, 1); !violations.empty()) {
    const Violation& first = violations.front();
    return std::unexpected((first.path.empty() ? "it" : first.path) + " " + first.message);
  }
  Policies policies;
  for (const json::Value& one : document->find("rules")->as_array()) {
    Rule rule;
    rule.source = one.get_string("source").value_or("");
    rule.type = one.get_string("type").value_or("");
    rule.policy.invalid = read_invalid(one.get_string("invalid").value_or("block"));
    if (one.get_string("formats") == "annotate") rule.policy.formats = Formats::annotations;
    policies.rules_.push_back(std::move(rule));
  }
  return policies;
}

Policy Policies::of(std::string_view source, std::string_view type) const {
  const auto found = std::ranges::find_if(rules_, [&](const Rule& rule) {
    return (rule.source.empty() || rule.source == source) && (rule.type.empty() || rule.type == type);
  });
  return found == rules_.end() ? Policy{} : found->policy;
}

}  // namespace pipeline::schema
