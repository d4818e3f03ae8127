#pragma once
// Which campaign brought the user: the parameters of the page's URL, and what the SDK says. Pure.

#include "json/value.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::enrichment {

// {"source", "medium", "name", "term", "content", "id", "click": {"gclid": …}}, what there is of it, each text of at
// most 256 bytes. The URL's parameters go before context.campaign, and that before properties called utm_….
json::Object campaign_of(const event::Event& event);

}  // namespace pipeline::enrichment
