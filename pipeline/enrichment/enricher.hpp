#pragma once
// What is added to events: config/enrichment.json and the objects that it names, cached by ETag, and what they make of
// an event. Nothing of it ever fails an event: what can't be read is told, and left out.

#include <memory>
#include <string>
#include <vector>

#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/enrichment/geo.hpp"
#include "pipeline/enrichment/settings.hpp"
#include "pipeline/enrichment/user_agents.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::enrichment {

inline constexpr std::string_view kSettingsKey = "config/enrichment.json";

// What counts now; null what isn't wanted, or can't be had.
struct Sources {
  std::shared_ptr<const Settings> settings = {};
  std::shared_ptr<const UserAgents> user_agents = {};
  std::shared_ptr<const Geo> geo = {};
  std::vector<std::string> problems = {};  // for the log
};

// Thread-safe.
class Enricher {
 public:
  Enricher(cache::Settings settings, aws::Client& client, const base::Clock& clock);

  // Without config/enrichment.json none, and nothing is asked but that.
  Task<Sources> sources(aws::CallOptions options);

 private:
  const base::Clock& clock_;
  cache::EtagCache<Settings> settings_;
  cache::EtagCache<UserAgents> user_agents_;
  cache::EtagCache<Geo> geo_;
};

// {"user_agent", "bot", "geo", "campaign", "session"}, what there is of it; empty where nothing is wanted. The event
// must be as it is stored: what is hidden of it must not come back here.
json::Object enrich(const Sources& sources, const event::Event& event, const event::Envelope& envelope);

}  // namespace pipeline::enrichment
