// Our own wire.

#include "json/parse.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

bool is_ndjson_type(std::string_view content_type) {
  const std::string type = media_type(content_type);
  return type == "application/x-ndjson" || type == "application/ndjson" || type == "application/jsonl" ||
         type == "application/x-jsonlines" || type == "application/jsonlines";
}

// The lines that hold something, without their ends.
std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> lines;
  while (!body.empty()) {
    const auto end = body.find('\n');
    std::string_view line = body.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trim_json(line).empty()) lines.push_back(line);
    if (end == std::string_view::npos) break;
    body.remove_prefix(end + 1);
  }
  return lines;
}

// Nobody says so, yet it is NDJSON with a bad line: several lines, one of them an object by itself.
bool looks_like_ndjson(std::string_view body, const std::vector<std::string_view>& lines) {
  if (lines.size() < 2 || body.starts_with('[')) return false;
  for (const std::string_view line : lines) {
    if (line.starts_with('{') && line.size() <= kParsedBytesMax && json::parse(line)) return true;
  }
  return false;
}

void add_line(Batch& batch, std::string_view line) {
  Item item{.raw = line, .client_id = std::nullopt};
  if (line.size() <= kParsedBytesMax) {
    if (const auto value = json::parse(line)) {
      item.client_id = event::client_id(*value, event::Wire::events);
      if (batch.write_key.empty()) batch.write_key = value->get_string("writeKey").value_or("");
    }
  }
  batch.items.push_back(std::move(item));
}

}  // namespace

std::expected<Batch, Undecodable> decode_events(std::string_view body, std::string_view content_type,
                                                std::size_t events_max) {
  body = trim_json(without_marks(body));
  if (body.empty()) return std::unexpected(Undecodable{400, "the body is empty"});
  Batch batch;
  const bool is_ndjson = is_ndjson_type(content_type);
  if (!is_ndjson && body.starts_with('[')) {
    return decode_array(body, event::Wire::events, events_max);
  }
  const auto whole = split_value(body);
  if (!is_ndjson && whole) {
    if (auto added = add_item(batch, body, *whole, event::Wire::events); !added) return std::unexpected(added.error());
    if (!body.starts_with('{')) return std::unexpected(Undecodable{400, "an event must be an object"});
    return batch;
  }
  const auto lines = lines_of(body);
  if (!is_ndjson && !looks_like_ndjson(body, lines)) {
    return std::unexpected(not_json(whole.error().message, whole.error().offset));
  }
  if (lines.size() > events_max) return std::unexpected(too_many(events_max));
  for (const std::string_view line : lines) add_line(batch, line);
  return batch;
}

}  // namespace pipeline::collect_to_s3
