// Snowplow's wire: https://docs.snowplow.io/docs/sources/trackers/snowplow-tracker-protocol/

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

std::expected<Batch, Undecodable> decode_snowplow(std::string_view body, std::size_t events_max) {
  return decode_list(trim_json(without_marks(body)), {"data", ""}, event::Wire::snowplow, events_max);
}

Batch decode_snowplow_query(std::string_view query) {
  Batch batch{.items = {{.raw = query, .client_id = std::nullopt}},
              .write_key = parameter_of(query, "aid").value_or("")};
  if (auto event = event::read_query(query)) {
    batch.items[0].client_id = event::client_id(*std::move(event), event::Wire::snowplow_query);
  }
  return batch;
}

}  // namespace pipeline::collect_to_s3
