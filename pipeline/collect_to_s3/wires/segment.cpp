// Segment's wire: https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/

#include <fmt/core.h>

#include <array>

#include "json/parse.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::array<std::pair<std::string_view, event::Wire>, 8> kPaths = {{
    {"/v1/events", event::Wire::events},
    {"/v1/batch", event::Wire::segment},
    {"/v1/track", event::Wire::segment_track},
    {"/v1/page", event::Wire::segment_page},
    {"/v1/screen", event::Wire::segment_screen},
    {"/v1/identify", event::Wire::segment_identify},
    {"/v1/group", event::Wire::segment_group},
    {"/v1/alias", event::Wire::segment_alias},
}};

std::expected<json::Value, Undecodable> parse_object(std::string_view body) {
  auto parsed = json::parse(body, {.depth_max = kBodyDepthMax});
  if (!parsed) return std::unexpected(Undecodable{400, "the body is not JSON: " + parsed.error().describe()});
  if (!parsed->is_object()) {
    return std::unexpected(Undecodable{400, fmt::format("the body must be an object, is {}", parsed->kind())});
  }
  return *std::move(parsed);
}

}  // namespace

std::optional<event::Wire> wire_of_path(std::string_view path) {
  for (const auto& [known, wire] : kPaths) {
    if (path == known) return wire;
  }
  return std::nullopt;
}

std::expected<Batch, Undecodable> decode_segment_batch(std::string_view body, std::size_t events_max) {
  body = trim_json(without_marks(body));
  const auto parsed = parse_object(body);
  if (!parsed) return std::unexpected(parsed.error());
  const json::Value* list = parsed->find("batch");
  if (!list || !list->is_array()) return std::unexpected(Undecodable{400, "the member \"batch\" must be an array"});
  const json::Array& values = list->as_array();
  if (values.size() > events_max) {
    return std::unexpected(Undecodable{413, fmt::format("more than {} events", events_max)});
  }
  Batch batch;
  batch.write_key = parsed->get_string("writeKey").value_or("");
  const auto items = items_of(member_of(body, "batch").value_or("[]"));
  for (std::size_t i = 0; i < items.size(); ++i) {
    batch.items.push_back({.raw = items[i], .client_id = event::client_id(values[i], event::Wire::segment)});
    if (batch.write_key.empty()) batch.write_key = values[i].get_string("writeKey").value_or("");
  }
  return batch;
}

std::expected<Batch, Undecodable> decode_segment_call(std::string_view body, event::Wire wire) {
  body = trim_json(without_marks(body));
  const auto parsed = parse_object(body);
  if (!parsed) return std::unexpected(parsed.error());
  Batch batch;
  batch.write_key = parsed->get_string("writeKey").value_or("");
  batch.items.push_back({.raw = body, .client_id = event::client_id(*parsed, wire)});
  return batch;
}

}  // namespace pipeline::collect_to_s3
