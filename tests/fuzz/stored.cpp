// What is stored of an event: three lines, the rules of what is hidden, a schema that may hide more, and an event.

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/enrichment/enricher.hpp"
#include "pipeline/privacy/mask.hpp"
#include "pipeline/schema/schema.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace pipeline;

enrichment::Sources everything() {
  auto settings = enrichment::parse_settings(R"({"bots":{},"campaign":{},"sessions":{}})");
  auto agents = enrichment::UserAgents::parse(
      "user_agent_parsers: [{regex: '(Chrome)/(\\d+)\\.(\\d+)'}, {regex: '([^/]+)/(.)(.?)'}]\n"
      "device_parsers: [{regex: '; *(.{0,200}) Build', device_replacement: '$1 $2', regex_flag: 'i'}]");
  CHECK(settings && agents);
  return {.settings = std::make_shared<const enrichment::Settings>(*std::move(settings)),
          .user_agents = std::make_shared<const enrichment::UserAgents>(*std::move(agents))};
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

}  // namespace

void fuzz(std::string_view input) {
  static const enrichment::Sources kSources = everything();
  const auto rules = privacy::parse_rules(std::string(take_line(input)));
  const auto document = json::parse(take_line(input));
  const auto schema = document ? schema::Schema::compile(*document) : std::unexpected(std::string());
  const event::Envelope envelope{.id = "e",
                                 .received_at = base::Time(std::chrono::seconds(1767225600)),
                                 .source = "web",
                                 .raw = std::string(input),
                                 .user_agent = "Chrome/1.2"};
  auto event = event::read_event(envelope);
  if (!event) return;
  const privacy::Mask mask(rules ? &*rules : nullptr, schema ? &schema->treatments() : nullptr, "web", event->type);
  const json::Object before = event->properties;
  std::vector<event::Reason> reasons = {{event->properties_path + "/a/b/0", "type", ""}};
  mask.shorten(reasons, *event);
  CHECK((event->properties_path + "/a/b/0").starts_with(reasons[0].path));
  const bool is_changed = mask.apply(*event, "0123456789abcdef0123456789abcdef");
  CHECK(is_changed || event->properties == before);
  CHECK(!mask.is_empty() || !is_changed);
  constexpr std::size_t kEnoughBytes = 16'384;
  const json::Object enriched = enrichment::enrich(kSources, *event, envelope);
  CHECK(json::written_size(enriched) < kEnoughBytes);
  CHECK(json::parse(json::write(enriched)));
}
