// What the wires share: items out of JSON, and what is wrong with a body.

#include <fmt/core.h>

#include <algorithm>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::size_t kKeyBytesMax = 1024;

// A string without escapes, which is all that a name or a key can be.
std::string_view string_of(const Part& part) {
  return part.bytes.size() >= 2 && part.bytes.front() == '"' ? part.bytes.substr(1, part.bytes.size() - 2)
                                                             : std::string_view();
}

}  // namespace

Undecodable not_json(std::string_view message, std::size_t offset) {
  return {400, fmt::format("the body is not JSON: {} at byte {}", message, offset)};
}

Undecodable too_many(std::size_t events_max) {
  return {413, fmt::format("more than {} events", events_max)};
}

std::string form_data(std::string_view form) {
  std::string data = parameter_of(form, "data").value_or("");
  // Base64 that isn't encoded once more has lost its plus signs to the form's way of writing spaces.
  std::string base64 = data;
  std::ranges::replace(base64, ' ', '+');
  auto bytes = base::from_base64(base64);
  return bytes ? *std::move(bytes) : data;
}

std::string without_form(std::string body) {
  return body.starts_with("data=") ? form_data(body) : body;
}

namespace {

// Where an event of its own says whose it is.
std::string_view write_key_in(const json::Value& event, event::Wire wire) {
  switch (wire) {
    case event::Wire::posthog: {
      const json::Value* properties = event.find("properties");
      const std::string_view token = properties ? properties->get_string("token").value_or("") : std::string_view();
      return event.get_string("api_key").value_or(token);
    }
    case event::Wire::snowplow:
      return event.get_string("aid").value_or("");
    case event::Wire::mixpanel: {
      const json::Value* properties = event.find("properties");
      return properties ? properties->get_string("token").value_or("") : std::string_view();
    }
    case event::Wire::mixpanel_engage:
    case event::Wire::mixpanel_groups:
      return event.get_string("$token").value_or("");
    case event::Wire::umami: {
      const json::Value* payload = event.find("payload");
      return payload ? payload->get_string("website").value_or("") : std::string_view();
    }
    case event::Wire::plausible:
      return event.get_string("d").value_or(event.get_string("domain").value_or(""));
    default:
      return event.get_string("writeKey").value_or("");
  }
}

}  // namespace

std::expected<void, Undecodable> add_item(Batch& batch, std::string_view body, const Part& part, event::Wire wire) {
  Item item{.raw = part.bytes, .client_id = std::nullopt};
  if (part.bytes.size() <= kParsedBytesMax && part.depth <= kParsedDepthMax) {
    const auto value = json::parse(part.bytes);
    if (!value) {
      const auto begin = static_cast<std::size_t>(part.bytes.data() - body.data());
      return std::unexpected(not_json(value.error().message, begin + value.error().offset));
    }
    item.client_id = event::client_id(*value, wire);
    if (batch.write_key.empty()) batch.write_key = write_key_in(*value, wire);
  }
  batch.items.push_back(std::move(item));
  return {};
}

namespace {

// Adds the items of a list. One that isn't JSON after all, for half of an emoji in it, say, is an item all the same and
// doesn't harm its neighbours; where none is JSON, the body isn't either.
std::expected<void, Undecodable> add_items(Batch& batch, std::string_view body, const std::vector<Part>& items,
                                           event::Wire wire) {
  std::optional<Undecodable> first;
  std::size_t broken = 0;
  for (const Part& item : items) {
    const auto added = add_item(batch, body, item, wire);
    if (added) continue;
    if (broken++ == 0) first = added.error();
    batch.items.push_back({.raw = item.bytes, .client_id = std::nullopt});
  }
  if (first && broken == items.size()) return std::unexpected(*std::move(first));
  return {};
}

}  // namespace

std::expected<Batch, Undecodable> decode_array(std::string_view body, event::Wire wire, std::size_t events_max) {
  const auto items = split_array(body);
  if (!items) return std::unexpected(not_json(items.error().message, items.error().offset));
  if (items->size() > events_max) return std::unexpected(too_many(events_max));
  Batch batch;
  if (auto added = add_items(batch, body, *items, wire); !added) return std::unexpected(added.error());
  return batch;
}

std::expected<Batch, Undecodable> decode_one_or_more(std::string_view body, event::Wire wire, std::size_t events_max) {
  body = trim_json(without_marks(body));
  return body.starts_with('[') ? decode_array(body, wire, events_max) : decode_object(body, wire);
}

std::expected<Batch, Undecodable> decode_object(std::string_view body, event::Wire wire) {
  const auto whole = split_value(body);
  if (!whole) return std::unexpected(not_json(whole.error().message, whole.error().offset));
  if (!body.starts_with('{')) return std::unexpected(Undecodable{400, "the body must be an object"});
  Batch batch;
  if (auto added = add_item(batch, body, *whole, wire); !added) return std::unexpected(added.error());
  return batch;
}

std::expected<Batch, Undecodable> decode_list(std::string_view body, ListNames names, event::Wire wire,
                                              std::size_t events_max) {
  const auto members = split_object(body);
  if (!members) return std::unexpected(not_json(members.error().message, members.error().offset));
  Batch batch;
  std::optional<std::string_view> list;
  for (const auto& [name, value] : *members) {
    if (string_of(name) == names.list) list = value.bytes;
    if (string_of(name) == names.write_key && value.bytes.size() <= kKeyBytesMax) batch.write_key = string_of(value);
    if (!names.sent_at.empty() && string_of(name) == names.sent_at && value.bytes.size() <= event::kSentAtBytesMax)
      batch.sent_at = string_of(value);
  }
  if (!list || !list->starts_with('['))
    return std::unexpected(Undecodable{400, fmt::format("the member \"{}\" must be an array", names.list)});
  const auto items = split_array(*list);
  if (!items) {
    return std::unexpected(
        not_json(items.error().message, static_cast<std::size_t>(list->data() - body.data()) + items.error().offset));
  }
  if (items->size() > events_max) return std::unexpected(too_many(events_max));
  if (auto added = add_items(batch, body, *items, wire); !added) return std::unexpected(added.error());
  return batch;
}

}  // namespace pipeline::collect_to_s3
