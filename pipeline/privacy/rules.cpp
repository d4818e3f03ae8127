// Reading config/privacy.json.

#include "pipeline/privacy/rules.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "json/parse.hpp"
#include "json/pointer.hpp"

namespace pipeline::privacy {

namespace {

constexpr std::size_t kRulesMax = 500;

// Whether the path could be read into the rule.
bool read_path(std::string_view path, Rule& rule) {
  std::vector<std::string> tokens;
  while (!path.empty()) {
    if (path[0] != '/') return false;
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    auto token = json::unescape_pointer(path.substr(0, end));
    if (!token) return false;
    tokens.push_back(*std::move(token));
    path.remove_prefix(end);
  }
  if (tokens.size() < 2 || (tokens[0] != "properties" && tokens[0] != "context")) return false;
  rule.part = tokens[0] == "context" ? Part::context : Part::properties;
  rule.steps.assign(tokens.begin() + 1, tokens.end());
  return true;
}

std::expected<Rule, std::string> read_rule(const json::Value& given) {
  if (!given.is_object()) return std::unexpected("must be an object");
  constexpr std::array<std::string_view, 4> kMembers = {"source", "type", "path", "action"};
  for (const auto& [name, value] : given.as_object()) {
    if (std::ranges::find(kMembers, name) == kMembers.end())
      return std::unexpected("has an unknown member \"" + name + "\"");
    if (!value.is_string() || value.as_string().empty()) return std::unexpected("\"" + name + "\" must be text");
  }
  Rule rule{.source = std::string(given.get_string("source").value_or("")),
            .type = std::string(given.get_string("type").value_or(""))};
  if (!read_path(given.get_string("path").value_or(""), rule))
    return std::unexpected("\"path\" must be a JSON pointer below /properties or /context");
  const auto treatment = schema::treatment_of(given.get_string("action").value_or(""));
  if (!treatment) return std::unexpected("\"action\" must be \"hash\", \"mask\" or \"drop\"");
  rule.treatment = *treatment;
  return rule;
}

}  // namespace

std::expected<Rules, std::string> parse_rules(const std::string& text) {
  const auto document = json::parse(text);
  if (!document) return std::unexpected("not JSON: " + document.error().describe());
  const json::Value* const list = document->find("rules");
  if (!list || !list->is_array() || document->as_object().size() != 1)
    return std::unexpected("must be {\"rules\": [...]} and nothing else");
  if (list->as_array().size() > kRulesMax) return std::unexpected(fmt::format("has more than {} rules", kRulesMax));
  Rules rules;
  for (const json::Value& given : list->as_array()) {
    auto rule = read_rule(given);
    if (!rule) return std::unexpected(fmt::format("rule {}: {}", rules.size() + 1, rule.error()));
    rules.push_back(*std::move(rule));
  }
  return rules;
}

}  // namespace pipeline::privacy
