// Our own wire.

#include <fmt/core.h>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

Undecodable too_many(std::size_t events_max) {
  return {413, fmt::format("more than {} events", events_max)};
}

void add_item(Batch& batch, std::string_view raw, const json::Value& value) {
  batch.items.push_back({.raw = raw, .client_id = event::client_id(value, event::Wire::events)});
  if (batch.write_key.empty()) batch.write_key = value.get_string("writeKey").value_or("");
}

bool is_ndjson_type(std::string_view content_type) {
  const std::string type = base::lower(base::trim(content_type.substr(0, content_type.find(';'))));
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
    if (line.starts_with('{') && json::parse(line)) return true;
  }
  return false;
}

}  // namespace

std::expected<Batch, Undecodable> decode_events(std::string_view body, std::string_view content_type,
                                                std::size_t events_max) {
  body = trim_json(without_marks(body));
  if (body.empty()) return std::unexpected(Undecodable{400, "the body is empty"});
  Batch batch;
  const bool is_ndjson = is_ndjson_type(content_type);
  // Deeper than an event may be, so that one which is too deep is quarantined by itself.
  const auto whole = is_ndjson ? std::expected<json::Value, json::ParseError>(std::unexpected(json::ParseError{}))
                               : json::parse(body, {.depth_max = kBodyDepthMax});
  if (whole && whole->is_array()) {
    const json::Array& values = whole->as_array();
    if (values.size() > events_max) return std::unexpected(too_many(events_max));
    const auto items = items_of(body);
    for (std::size_t i = 0; i < items.size(); ++i) add_item(batch, items[i], values[i]);
    return batch;
  }
  if (whole && whole->is_object()) {
    add_item(batch, body, *whole);
    return batch;
  }
  if (whole)
    return std::unexpected(Undecodable{400, fmt::format("an event must be an object, the body is {}", whole->kind())});
  const auto lines = lines_of(body);
  if (lines.size() > events_max) return std::unexpected(too_many(events_max));
  if (!is_ndjson && !looks_like_ndjson(body, lines)) {
    return std::unexpected(Undecodable{400, "the body is not JSON: " + whole.error().describe()});
  }
  for (const std::string_view line : lines) {
    const auto value = json::parse(line);
    add_item(batch, line, value ? *value : json::Value());
  }
  return batch;
}

}  // namespace pipeline::collect_to_s3
