// Mixpanel's wire: https://developer.mixpanel.com/reference/track-event

#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

std::expected<Batch, Undecodable> decode_mixpanel(std::string_view body, event::Wire wire, std::size_t events_max) {
  body = trim_json(without_marks(body));
  return body.starts_with('[') ? decode_array(body, wire, events_max) : decode_object(body, wire);
}

}  // namespace pipeline::collect_to_s3
