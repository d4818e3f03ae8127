#pragma once
// One decoder for each SDK's wire: a body becomes the raw bytes of its events. What they mean is event/'s matter. Pure.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/collect_to_s3/body.hpp"
#include "pipeline/collect_to_s3/http.hpp"
#include "pipeline/event/event.hpp"

namespace pipeline::collect_to_s3 {

struct Item {
  std::string_view raw;                  // a part of the body
  std::optional<std::string> client_id;  // where the client sent a usable one
};

struct Batch {
  std::vector<Item> items;
  std::string write_key;  // the body's own; empty where it holds none
};

// POST /v1/events: one object, an array, or one value a line. A line that isn't JSON is an item all the same.
std::expected<Batch, Undecodable> decode_events(std::string_view body, std::string_view content_type,
                                                std::size_t events_max);

// POST /v1/batch.
std::expected<Batch, Undecodable> decode_segment_batch(std::string_view body, std::size_t events_max);
// POST /v1/track and its like: one object.
std::expected<Batch, Undecodable> decode_segment_call(std::string_view body, event::Wire wire);

// PostHog's POST: {"api_key", "batch": […]}, one event, or an array of them.
std::expected<Batch, Undecodable> decode_posthog(std::string_view body, std::size_t events_max);
// What a page that is being left sends is a form whose member `data` is the body in base64: then that, else `body`.
std::string without_form(std::string body);

// Snowplow's POST, {"schema", "data": […]}, and its GET, whose query is one event. The application's id is the key.
std::expected<Batch, Undecodable> decode_snowplow(std::string_view body, std::size_t events_max);
Batch decode_snowplow_query(std::string_view query);

// CloudEvents in JSON: one, or a batch. In the binary mode an event's attributes are headers and the body is its data:
// that becomes one JSON event, the data's bytes as they came; what isn't JSON is its text, or data_base64.
std::expected<Batch, Undecodable> decode_cloudevents(std::string_view body, std::string_view content_type,
                                                     std::size_t events_max);
std::string structured_cloudevent(const Request& request, std::string body);

// An event that is larger or deeper can never be stored: it is not even parsed here, and is quarantined by itself.
inline constexpr std::size_t kParsedBytesMax = event::kEventBytesMax;
inline constexpr std::size_t kParsedDepthMax = event::kEventDepthMax;

// Adds an item whose bytes are `part`, a part of `body`. It must be JSON, where it can be parsed at all.
std::expected<void, Undecodable> add_item(Batch& batch, std::string_view body, const Part& part, event::Wire wire);

// A list of events in an object, and the sender's key beside it.
struct ListNames {
  std::string_view list;
  std::string_view write_key;
};
// A body that is an array of events, or one event.
std::expected<Batch, Undecodable> decode_array(std::string_view body, event::Wire wire, std::size_t events_max);
std::expected<Batch, Undecodable> decode_object(std::string_view body, event::Wire wire);
std::expected<Batch, Undecodable> decode_list(std::string_view body, ListNames names, event::Wire wire,
                                              std::size_t events_max);
Undecodable not_json(std::string_view message, std::size_t offset);
Undecodable too_many(std::size_t events_max);

// The wire that a path carries. Snowplow's pixel comes by GET, all others by POST.
std::optional<event::Wire> wire_of_path(std::string_view path);

}  // namespace pipeline::collect_to_s3
