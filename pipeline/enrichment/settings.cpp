// Reading config/enrichment.json.

#include "pipeline/enrichment/settings.hpp"

#include "base/text.hpp"
#include "json/parse.hpp"
#include "pipeline/enrichment/bots.hpp"

namespace pipeline::enrichment {

namespace {

// The one member that a part may have; null where it isn't there.
std::expected<const json::Value*, std::string> only_member(const json::Object& part, std::string_view name) {
  for (const auto& [given, value] : part) {
    if (given != name) return std::unexpected("has an unknown member \"" + given + "\"");
  }
  return part.find(name);
}

// The key of an object: the function may read no others.
std::expected<std::string, std::string> read_key(const json::Object& part, std::string_view name) {
  constexpr std::string_view kFolder = "config/enrichment/";
  const auto value = only_member(part, name);
  if (!value) return std::unexpected(value.error());
  if (!*value || !(*value)->is_string() || !(*value)->as_string().starts_with(kFolder))
    return std::unexpected("\"" + std::string(name) + "\" must be the key of an object below " + std::string(kFolder));
  return (*value)->as_string();
}

std::expected<std::vector<std::string>, std::string> read_words(const json::Object& part) {
  constexpr std::size_t kWordsMax = 1000;
  const auto value = only_member(part, "words");
  if (!value) return std::unexpected(value.error());
  if (!*value) return default_bot_words();
  std::vector<std::string> words;
  if (!(*value)->is_array() || (*value)->as_array().size() > kWordsMax)
    return std::unexpected("\"words\" must be a list of at most 1000");
  for (const json::Value& word : (*value)->as_array()) {
    if (!word.is_string() || word.as_string().empty()) return std::unexpected("\"words\" must be texts");
    words.push_back(base::lower(word.as_string()));
  }
  return words;
}

// What is wrong with the part, else nothing.
std::string read_part(std::string_view name, const json::Object& part, Settings& settings) {
  if (name == "user_agent" || name == "geo") {
    auto key = read_key(part, name == "geo" ? "database" : "rules");
    if (!key) return key.error();
    (name == "geo" ? settings.geo_database : settings.user_agent_rules) = *std::move(key);
  } else if (name == "bots") {
    auto words = read_words(part);
    if (!words) return words.error();
    settings.bot_words = *std::move(words);
  } else if (name == "campaign" || name == "sessions") {
    if (!part.empty()) return "must be {}";
    (name == "campaign" ? settings.has_campaign : settings.has_sessions) = true;
  } else {
    return "isn't known";
  }
  return {};
}

}  // namespace

std::expected<Settings, std::string> parse_settings(const std::string& text) {
  const auto document = json::parse(text);
  if (!document) return std::unexpected("not JSON: " + document.error().describe());
  if (!document->is_object()) return std::unexpected("must be an object");
  Settings settings;
  for (const auto& [name, part] : document->as_object()) {
    const std::string problem = part.is_object() ? read_part(name, part.as_object(), settings) : "must be an object";
    if (!problem.empty()) return std::unexpected("\"" + name + "\" " + problem);
  }
  return settings;
}

}  // namespace pipeline::enrichment
