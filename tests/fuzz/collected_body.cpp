// What the collector is sent: a body is cut into values without a byte more or less than JSON's parser sees.

#include "json/parse.hpp"
#include "pipeline/collect_to_s3/body.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace pipeline::collect_to_s3;
  const auto bytes = decompress(std::string(input), 1 << 20);
  CHECK(!bytes || bytes->size() <= 1 << 20);
  const std::string_view text = trim_json(without_marks(input));
  const auto whole = split_value(text);
  const auto parsed = json::parse(text);
  CHECK(!parsed || whole);  // what is JSON can be cut
  const auto items = split_array(text);
  if (parsed && parsed->is_array()) CHECK(items && items->size() == parsed->as_array().size());
  static_cast<void>(decode_segment_batch(input, 100));
  static_cast<void>(decode_posthog(without_form(std::string(input)), 100));
  static_cast<void>(decode_snowplow(input, 100));
  static_cast<void>(decode_snowplow_query(input));
  static_cast<void>(decode_amplitude(input, 100));
  static_cast<void>(decode_one_or_more(without_form(std::string(input)), pipeline::event::Wire::mixpanel, 100));
  static_cast<void>(decode_matomo(input, 100));
  constexpr std::size_t kBytesMax = 1 << 16;
  const auto records = otlp_records(input, "application/json", kBytesMax);
  CHECK(!records || split_array(*records));
  const auto from_protobuf = otlp_json(input, kBytesMax);
  CHECK(!from_protobuf || (from_protobuf->size() <= kBytesMax && split_value(*from_protobuf)));
  CHECK(!from_protobuf || json::parse(*from_protobuf, {.depth_max = 1000}));
  const auto members = split_object(text);
  if (parsed && parsed->is_object()) CHECK(members && members->size() >= parsed->as_object().size());
}
