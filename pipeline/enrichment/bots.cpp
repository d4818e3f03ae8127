// Programs that don't hide it.

#include "pipeline/enrichment/bots.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace pipeline::enrichment {

std::vector<std::string> default_bot_words() {
  return {"bot",   "crawl", "spider",          "slurp",     "headless", "lighthouse", "facebookexternalhit",
          "curl/", "wget/", "python-requests", "phantomjs", "pingdom",  "uptime",     "gtmetrix",
          "scrapy"};
}

bool is_bot(std::string_view user_agent, std::string_view device, const std::vector<std::string>& words) {
  if (device == "Spider") return true;
  std::string text = base::lower(user_agent);
  // A maker of telephones.
  constexpr std::string_view kCubot = "cubot";
  for (std::size_t at = 0; (at = text.find(kCubot, at)) != std::string::npos;) text.erase(at, kCubot.size());
  return std::ranges::any_of(words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

}  // namespace pipeline::enrichment
