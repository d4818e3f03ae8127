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
  Batch batch;
  if (body.starts_with('[')) {
    const auto items = split_array(body);
    if (!items) return std::unexpected(not_json(items.error().message, items.error().offset));
    if (items->size() > events_max) return std::unexpected(too_many(events_max));
    for (const Part& item : *items) {
      if (auto added = add_item(batch, body, item, event::Wire::posthog); !added) return std::unexpected(added.error());
    }
    return batch;
  }
  const auto whole = split_value(body);
  if (!whole || !is_event(body)) return decode_list(body, {"batch", "api_key"}, event::Wire::posthog, events_max);
  if (auto added = add_item(batch, body, *whole, event::Wire::posthog); !added) return std::unexpected(added.error());
  return batch;
}

}  // namespace pipeline::collect_to_s3
