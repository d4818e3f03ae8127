// Verdicts.

#include "pipeline/parse_validate/verdict.hpp"

#include <fmt/core.h>

#include "pipeline/parse_validate/pointer.hpp"

namespace pipeline::parse_validate {

namespace {

using event::Failure;

// Of properties that the schema doesn't know; with as many the event is blocked.
constexpr std::size_t kUnknownMax = 100;
// Where some are gone, others may come to light.
constexpr int kTrimRounds = 4;
constexpr std::size_t kBriefMax = 10;
constexpr std::size_t kBriefBytesMax = 500;  // of a path, and of a message

// What must go of the properties for the rest to be valid; nothing where another rule is broken, too.
std::optional<std::vector<std::string>> unknown_properties(const schema::Schema& schema,
                                                           const json::Value& properties) {
  json::Value rest = properties;
  std::vector<std::string> unknown;
  for (int rounds = 0; rounds < kTrimRounds; ++rounds) {
    auto violations = schema.validate(rest, kUnknownMax);
    if (violations.empty()) return unknown;
    if (violations.size() == kUnknownMax) return std::nullopt;
    for (schema::Violation& violation : violations) {
      if (violation.keyword != "additionalProperties" && violation.keyword != "unevaluatedProperties")
        return std::nullopt;
      if (take_at(rest.as_object(), violation.path)) unknown.push_back(std::move(violation.path));
    }
  }
  return std::nullopt;
}

Verdict without_schema(const schema::Registry::Entry& entry, const event::Event& event) {
  const std::string name = event.type + "/" + entry.version;
  if (entry.is_missing()) {
    return {.kind = Verdict::Kind::blocked,
            .failure = Failure::unknown_type,
            .reasons = {{"/type", "unknownType", "there is no schema " + name}}};
  }
  return {.kind = Verdict::Kind::blocked,
          .failure = Failure::unusable_schema,
          .reasons = {{"/type", "schema", "the schema " + name + " can't be used: " + entry.problem}}};
}

Verdict judge_properties(const schema::Schema& schema, const json::Value& properties, std::string_view place,
                         schema::Policy::Invalid policy) {
  Verdict verdict;
  auto violations = schema.validate(properties, event::kReasonsMax);
  if (violations.empty()) return verdict;
  if (policy == schema::Policy::Invalid::omit) {
    if (auto unknown = unknown_properties(schema, properties)) {
      verdict.kind = Verdict::Kind::trimmed;
      verdict.unknown = *std::move(unknown);
      return verdict;
    }
  }
  const bool is_observed = policy == schema::Policy::Invalid::observe;
  verdict.kind = is_observed ? Verdict::Kind::observed : Verdict::Kind::blocked;
  for (schema::Violation& violation : violations) {
    verdict.reasons.push_back(
        {std::string(place) + violation.path, std::move(violation.keyword), std::move(violation.message)});
  }
  return verdict;
}

// Cut between characters.
std::string shortened(const std::string& text) {
  if (text.size() <= kBriefBytesMax) return text;
  std::size_t end = kBriefBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

Verdict judge_by(const schema::Registry::Entry& entry, event::Event& event, schema::Policy::Invalid policy) {
  if (!entry.value) return without_schema(entry, event);
  json::Value properties(std::move(event.properties));
  Verdict verdict = judge_properties(*entry.value, properties, event.properties_path, policy);
  event.properties = std::move(properties.as_object());
  return verdict;
}

json::Array brief(const std::vector<event::Reason>& reasons) {
  json::Array out;
  for (const event::Reason& reason : reasons) {
    if (out.size() == kBriefMax) break;
    out.push_back(json::Object{
        {"path", shortened(reason.path)}, {"keyword", reason.keyword}, {"message", shortened(reason.message)}});
  }
  return out;
}

json::Object take_unknown(const Verdict& verdict, json::Object& properties) {
  json::Object out;
  for (const std::string& pointer : verdict.unknown) {
    if (auto value = take_at(properties, pointer)) out.set(pointer, *std::move(value));
  }
  return out;
}

}  // namespace pipeline::parse_validate
