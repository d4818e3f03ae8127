// Segment's wire, which RudderStack's and Jitsu's SDKs speak too:
// https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

std::expected<Batch, Undecodable> decode_segment_batch(std::string_view body, std::size_t events_max) {
  return decode_list(trim_json(without_marks(body)), {"batch", "writeKey", "sentAt"}, event::Wire::segment, events_max);
}

}  // namespace pipeline::collect_to_s3
