// Snowplow's wire: https://docs.snowplow.io/docs/sources/trackers/snowplow-tracker-protocol/

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

std::expected<Batch, Undecodable> decode_snowplow(std::string_view body, std::size_t events_max) {
  return decode_list(trim_json(without_marks(body)), {"data", ""}, event::Wire::snowplow, events_max);
}

Batch decode_snowplow_query(std::string_view query) {
  const json::Value event = event::read_query(query).value_or(json::Object{});
  return {.items = {{.raw = query, .client_id = event::client_id(event, event::Wire::snowplow_query)}},
          .write_key = std::string(event.get_string("aid").value_or(""))};
}

}  // namespace pipeline::collect_to_s3
