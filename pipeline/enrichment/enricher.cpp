// Objects of the bucket ▶ sources ▶ what they say of an event.

#include "pipeline/enrichment/enricher.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>

#include "pipeline/enrichment/bots.hpp"
#include "pipeline/enrichment/campaign.hpp"
#include "pipeline/enrichment/sessions.hpp"
#include "pipeline/event/first_bytes.hpp"

namespace pipeline::enrichment {

namespace {

// A large database may take a while; the events must not wait for it until the function's time is up.
constexpr base::Duration kWaitMax = std::chrono::seconds(15);

// What an entry holds; where it can't be used, why is added to the problems.
template <class T>
std::shared_ptr<const T> value_of(const Result<typename cache::EtagCache<T>::Entry>& entry, std::string_view key,
                                  std::vector<std::string>& problems) {
  if (entry && entry->value) return entry->value;
  problems.push_back(fmt::format("{}: {}", key,
                                 !entry                ? entry.error().code
                                 : entry->is_missing() ? "there is no such object"
                                                       : entry->problem));
  return nullptr;
}

void set_text(json::Object& to, std::string_view name, const std::string& text) {
  if (!text.empty()) to.set(name, text);
}

// What the event says itself goes before the request's header, which may be a server's.
std::string_view user_agent_of(const event::Event& event, const event::Envelope& envelope) {
  for (const char* const name : {"userAgent", "user_agent"}) {
    const json::Value* const said = event.context.find(name);
    if (said && said->is_string()) return event::first_bytes(said->as_string(), event::kUserAgentBytesMax);
  }
  const json::Value* const posthog = event.context.find("posthog");
  const json::Value* const said = posthog ? posthog->find("raw_user_agent") : nullptr;
  if (said && said->is_string()) return event::first_bytes(said->as_string(), event::kUserAgentBytesMax);
  return envelope.user_agent;
}

void add_user_agent(json::Object& enriched, const Sources& sources, std::string_view text) {
  UserAgent agent;
  if (sources.user_agents) {
    agent = sources.user_agents->describe(text);
    json::Object described;
    set_text(described, "browser", agent.browser);
    set_text(described, "browser_version", agent.browser_version);
    set_text(described, "os", agent.system);
    set_text(described, "os_version", agent.system_version);
    set_text(described, "device", agent.device);
    set_text(described, "brand", agent.brand);
    set_text(described, "model", agent.model);
    enriched.set("user_agent", std::move(described));
  }
  if (const auto& words = sources.settings->bot_words) enriched.set("bot", is_bot(text, agent.device, *words));
}

void set_object(json::Object& to, std::string_view name, json::Object object) {
  if (!object.empty()) to.set(name, std::move(object));
}

}  // namespace

Enricher::Enricher(cache::Settings settings, aws::Client& client, const base::Clock& clock)
    : clock_(clock),
      settings_(settings, &parse_settings, client, clock),
      // One of each at a time: they are large.
      user_agents_({settings.bucket, settings.fresh_for, settings.missing_for, 1}, &UserAgents::parse, client, clock),
      geo_({settings.bucket, settings.fresh_for, settings.missing_for, 1}, &Geo::open, client, clock) {}

Task<Sources> Enricher::sources(aws::CallOptions options) {
  Sources sources;
  const base::Time enough = clock_.now() + kWaitMax;
  options.deadline = std::min(options.deadline.value_or(enough), enough);
  const auto settings = co_await settings_.get(std::string(kSettingsKey), options);
  if (settings && settings->is_missing()) co_return sources;
  sources.settings = value_of<Settings>(settings, kSettingsKey, sources.problems);
  if (!sources.settings) co_return sources;
  if (const std::string& key = sources.settings->user_agent_rules; !key.empty()) {
    const auto rules = co_await user_agents_.get(key, options);
    sources.user_agents = value_of<UserAgents>(rules, key, sources.problems);
    const std::size_t skipped = sources.user_agents ? sources.user_agents->skipped() : 0;
    if (skipped > 0) sources.problems.push_back(fmt::format("{}: {} rules can't be used", key, skipped));
  }
  if (const std::string& key = sources.settings->geo_database; !key.empty()) {
    const auto database = co_await geo_.get(key, options);
    sources.geo = value_of<Geo>(database, key, sources.problems);
  }
  co_return sources;
}

json::Object enrich(const Sources& sources, const event::Event& event, const event::Envelope& envelope) {
  json::Object enriched;
  if (!sources.settings) return enriched;
  const Settings& settings = *sources.settings;
  if (sources.user_agents || settings.bot_words) {
    const std::string_view text = user_agent_of(event, envelope);
    if (!text.empty()) add_user_agent(enriched, sources, text);
  }
  if (sources.geo && !envelope.address.empty()) set_object(enriched, "geo", sources.geo->find(envelope.address));
  if (settings.has_campaign) set_object(enriched, "campaign", campaign_of(event));
  if (settings.has_sessions) enriched.set("session", session_of(event, envelope.received_at));
  return enriched;
}

}  // namespace pipeline::enrichment
