#include "cli/typed_events.hpp"

#include "cli/screen.hpp"
#include "pipeline/event/envelope.hpp"

namespace cli {

std::uint64_t for_each_event(Calls& calls, const std::string& type, const Span& span, std::string_view doing,
                             const std::function<void(const TypedEvent&)>& visit) {
  Progress progress{std::string(doing)};
  std::uint64_t looked_at = 0;
  for_each_object(calls, pipeline::event::kRawPrefix, span, [&](const std::string&, const std::string& body) {
    for_each_line(body, [&](std::string_view line) {
      const auto envelope = pipeline::event::read_envelope(line);
      if (!envelope) return;
      ++looked_at;
      const auto event = pipeline::event::read_event(*envelope);
      if (event && event->type == type) visit({*envelope, *event});
    });
    progress.at(looked_at, 0, "events");
  });
  return looked_at;
}

}  // namespace cli
