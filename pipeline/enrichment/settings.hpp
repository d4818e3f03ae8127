#pragma once
// config/enrichment.json: what is added to events, each part where the file names it. Pure.
//
//   {"user_agent": {"rules": "config/enrichment/regexes.yaml"}, "bots": {"words": ["bot", …]},
//    "geo": {"database": "config/enrichment/city.mmdb"}, "campaign": {}, "sessions": {}}

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::enrichment {

struct Settings {
  std::string user_agent_rules = {};                       // the key of an object; empty: no user agents
  std::string geo_database = {};                           // the same
  std::optional<std::vector<std::string>> bot_words = {};  // in lower case
  bool has_campaign = false;
  bool has_sessions = false;
};

// What is wrong with the text, where it can't be used.
std::expected<Settings, std::string> parse_settings(const std::string& text);

}  // namespace pipeline::enrichment
