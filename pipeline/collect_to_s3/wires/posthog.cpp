// PostHog's wire: https://posthog.com/docs/api/capture

#include "aws/sigv4.hpp"
#include "base/text.hpp"
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

std::string without_form(std::string body) {
  constexpr std::string_view kBegin = "data=";
  if (!body.starts_with(kBegin)) return body;
  const std::string_view rest = std::string_view(body).substr(kBegin.size());
  std::string data = aws::uri_decode_query(rest.substr(0, rest.find('&')));
  auto bytes = base::from_base64(data);
  return bytes ? *std::move(bytes) : data;
}

std::expected<Batch, Undecodable> decode_posthog(std::string_view body, std::size_t events_max) {
  body = trim_json(without_marks(body));
  if (body.starts_with('[')) return decode_array(body, event::Wire::posthog, events_max);
  if (is_event(body)) return decode_object(body, event::Wire::posthog);
  return decode_list(body, {"batch", "api_key"}, event::Wire::posthog, events_max);
}

}  // namespace pipeline::collect_to_s3
