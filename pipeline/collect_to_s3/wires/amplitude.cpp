// Amplitude's wire: https://amplitude.com/docs/apis/analytics/http-v2

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

std::expected<Batch, Undecodable> decode_amplitude(std::string_view body, std::size_t events_max) {
  return decode_list(trim_json(without_marks(body)), {"events", "api_key", "client_upload_time"},
                     event::Wire::amplitude, events_max);
}

event::Wire wire_of_batch(std::string_view body) {
  const auto members = split_object(trim_json(without_marks(body)));
  if (!members) return event::Wire::posthog;
  for (const auto& [name, value] : *members) {
    if (name.bytes == "\"events\"") return event::Wire::amplitude;
  }
  return event::Wire::posthog;
}

}  // namespace pipeline::collect_to_s3
