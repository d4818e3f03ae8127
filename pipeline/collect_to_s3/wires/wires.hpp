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
  std::string sent_at;    // when the client says it sent the batch, as it says it; empty where it doesn't
};

// POST /v1/events: one object, an array, or one value a line. A line that isn't JSON is an item all the same.
std::expected<Batch, Undecodable> decode_events(std::string_view body, std::string_view content_type,
                                                std::size_t events_max);

// POST /v1/batch.
std::expected<Batch, Undecodable> decode_segment_batch(std::string_view body, std::size_t events_max);
// PostHog's POST: {"api_key", "batch": […]}, one event, or an array of them.
std::expected<Batch, Undecodable> decode_posthog(std::string_view body, std::size_t events_max);
// Snowplow's POST, {"schema", "data": […]}, and its GET, whose query is one event. The application's id is the key.
std::expected<Batch, Undecodable> decode_snowplow(std::string_view body, std::size_t events_max);
Batch decode_snowplow_query(std::string_view query);

// CloudEvents in JSON: one, or a batch. In the binary mode an event's attributes are headers and the body is its data:
// that becomes one JSON event, the data's bytes as they came; what isn't JSON is its text, or data_base64.
std::expected<Batch, Undecodable> decode_cloudevents(std::string_view body, std::string_view content_type,
                                                     std::size_t events_max);
std::string structured_cloudevent(const Request& request, std::string body);

inline constexpr std::string_view kProtobuf = "application/x-protobuf";
// OTLP's POST /v1/logs, in JSON or in Protocol Buffers, as an array with an element for each log record: {"resource",
// "scope", "logRecord"}. It must fit into bytes_max, for a resource is repeated with each of its records.
std::expected<std::string, Undecodable> otlp_records(std::string_view body, std::string_view content_type,
                                                     std::size_t bytes_max);
// A request in Protocol Buffers as OTLP has it in JSON.
std::expected<std::string, Undecodable> otlp_json(std::string_view bytes, std::size_t bytes_max);

// Amplitude's POST: {"api_key", "events": […]}.
std::expected<Batch, Undecodable> decode_amplitude(std::string_view body, std::size_t events_max);
// Its batches come to the path of PostHog's, and are told by what is in them.
event::Wire wire_of_batch(std::string_view body);

// Matomo's {"requests": […]}, or one event as a query string. The site's id is the key.
std::expected<Batch, Undecodable> decode_matomo(std::string_view body, std::size_t events_max);
// What its GET and its forms send: the query and the body are one. A bulk request's body stays as it is.
std::string matomo_body(const Request& request, std::string body);

// What a page that is being left sends to PostHog, and what Mixpanel's SDKs send, is a form whose member `data` is the
// body in base64, or as it is: then that, else `body`.
std::string without_form(std::string body);
std::string form_data(std::string_view form);

// An event that is larger or deeper can never be stored: it is not even parsed here, and is quarantined by itself.
inline constexpr std::size_t kParsedBytesMax = event::kEventBytesMax;
inline constexpr std::size_t kParsedDepthMax = event::kEventDepthMax;

// Adds an item whose bytes are `part`, a part of `body`. It must be JSON, where it can be parsed at all.
std::expected<void, Undecodable> add_item(Batch& batch, std::string_view body, const Part& part, event::Wire wire);

// A list of events in an object, and beside it the sender's key and the moment of sending.
struct ListNames {
  std::string_view list;
  std::string_view write_key;
  std::string_view sent_at = {};
};
// A body that is an array of events, of which one that isn't JSON doesn't harm the others; or one event, as Segment's
// POST /v1/track and its like, and Plausible's are.
std::expected<Batch, Undecodable> decode_array(std::string_view body, event::Wire wire, std::size_t events_max);
std::expected<Batch, Undecodable> decode_object(std::string_view body, event::Wire wire);
// One event or an array of them, as Mixpanel's, Clickstream's and Umami's are.
std::expected<Batch, Undecodable> decode_one_or_more(std::string_view body, event::Wire wire, std::size_t events_max);
std::expected<Batch, Undecodable> decode_list(std::string_view body, ListNames names, event::Wire wire,
                                              std::size_t events_max);
Undecodable not_json(std::string_view message, std::size_t offset);
Undecodable too_many(std::size_t events_max);

// The wire that a path carries, and the methods by which it comes, as the header Allow has them.
std::optional<event::Wire> wire_of_path(std::string_view path);
std::string_view methods_of(event::Wire wire);

}  // namespace pipeline::collect_to_s3
