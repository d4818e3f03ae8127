// utm_… and the advertisers' click ids.

#include "pipeline/enrichment/campaign.hpp"

#include <algorithm>
#include <array>

#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "pipeline/event/first_bytes.hpp"

namespace pipeline::enrichment {

namespace {

constexpr std::size_t kValueBytesMax = 256;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kUtm = {{{"utm_source", "source"},
                                                                                {"utm_medium", "medium"},
                                                                                {"utm_campaign", "name"},
                                                                                {"utm_term", "term"},
                                                                                {"utm_content", "content"},
                                                                                {"utm_id", "id"}}};
// Google's, Microsoft's, Meta's, TikTok's, X's, LinkedIn's, Yandex's, Snapchat's, Pinterest's.
constexpr std::array<std::string_view, 12> kClickIds = {"gclid",  "gbraid", "wbraid",    "dclid", "msclkid", "fbclid",
                                                        "ttclid", "twclid", "li_fat_id", "yclid", "sccid",   "epik"};

void add(json::Object& to, std::string_view name, std::string_view value) {
  if (value.empty() || to.contains(name) || base::first_invalid_utf8(value)) return;
  to.set(name, event::first_bytes(value, kValueBytesMax));
}

// A parameter, or a property, of a campaign by its name in URLs.
void add_parameter(json::Object& campaign, json::Object& click, std::string_view name, std::string_view value) {
  const auto utm = std::ranges::find(kUtm, name, [](const auto& one) { return one.first; });
  if (utm != kUtm.end()) add(campaign, utm->second, value);
  if (std::ranges::find(kClickIds, name) != kClickIds.end()) add(click, name, value);
}

void add_query(json::Object& campaign, json::Object& click, std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name = base::lower(pair.substr(0, equals));
    // Decoded, the value is no longer than it is here: what is cut off can't be wanted.
    const std::string_view value = pair.substr(equals + 1, 3 * kValueBytesMax);
    if (name.starts_with("utm_") || name.ends_with("id") || name == "epik")
      add_parameter(campaign, click, name, aws::uri_decode_query(value));
  }
}

void add_url(json::Object& campaign, json::Object& click, const json::Value* url) {
  if (!url || !url->is_string()) return;
  const std::string_view text = url->as_string();
  const std::string_view whole = text.substr(0, text.find('#'));
  const auto mark = whole.find('?');
  if (mark != std::string_view::npos) add_query(campaign, click, whole.substr(mark + 1));
}

}  // namespace

json::Object campaign_of(const event::Event& event) {
  json::Object campaign;
  json::Object click;
  add_url(campaign, click, event.properties.find("url"));
  if (const json::Value* const page = event.context.find("page")) {
    add_url(campaign, click, page->find("url"));
    add_url(campaign, click, page->find("search"));
  }
  if (const json::Value* const said = event.context.find("campaign")) {
    for (const auto& [parameter, name] : kUtm) add(campaign, name, said->get_string(name).value_or(""));
  }
  for (const auto& [parameter, name] : kUtm) {
    const json::Value* const value = event.properties.find(parameter);
    if (value && value->is_string()) add(campaign, name, value->as_string());
  }
  if (!click.empty()) campaign.set("click", std::move(click));
  return campaign;
}

}  // namespace pipeline::enrichment
