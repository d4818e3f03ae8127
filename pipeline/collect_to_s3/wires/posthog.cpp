// PostHog's wire: https://posthog.com/docs/api/capture

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

// One event rather than a list of them.
bool is_event(std::string_view body) {
  const auto members = split_object(body);
  if (!members) return false;
  for (const auto& [name, value] : *members) {
    if (name.bytes == "\"event\"") return true;
  }
  return false;
}

}  // namespace

std::expected<Batch, Undecodable> decode_posthog(std::string_view body, std::size_t events_max) {
  body = trim_json(without_marks(body));
  if (body.starts_with('[')) return decode_array(body, event::Wire::posthog, events_max);
  if (is_event(body)) return decode_object(body, event::Wire::posthog);
  return decode_list(body, {"batch", "api_key", "sent_at"}, event::Wire::posthog, events_max);
}

}  // namespace pipeline::collect_to_s3
