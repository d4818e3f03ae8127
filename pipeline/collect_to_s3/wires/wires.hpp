#pragma once
// One decoder for each SDK's wire: a body becomes the raw bytes of its events. What they mean is event/'s matter. Pure.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/collect_to_s3/body.hpp"
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

// An event that is larger or deeper can never be stored: it is not even parsed here, and is quarantined by itself.
inline constexpr std::size_t kParsedBytesMax = event::kEventBytesMax;
inline constexpr std::size_t kParsedDepthMax = event::kEventDepthMax;

// Adds an item whose bytes are `part`, a part of `body`. It must be JSON, where it can be parsed at all.
std::expected<void, Undecodable> add_item(Batch& batch, std::string_view body, const Part& part, event::Wire wire);
Undecodable not_json(std::string_view message, std::size_t offset);
Undecodable too_many(std::size_t events_max);

// The wire that a path carries.
std::optional<event::Wire> wire_of_path(std::string_view path);

}  // namespace pipeline::collect_to_s3
