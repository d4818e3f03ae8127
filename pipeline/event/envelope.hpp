#pragma once
// A line of a raw object: one event exactly as it came, with what the collector knows of it. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace pipeline::event {

// On which wire an event came, which says how its raw bytes are read.
enum class Wire {
  events,         // POST /v1/events, and direct invocation
  segment,        // an item of POST /v1/batch: its member "type" says what it is
  segment_track,  // the others: the path says so
  segment_page,
  segment_screen,
  segment_identify,
  segment_group,
  segment_alias,
  posthog,         // an event of PostHog's batches
  snowplow,        // an item of Snowplow's POST
  snowplow_query,  // its GET: the bytes are the query string
  cloudevents,
  clickstream,
  otlp,  // a log record with its resource and its scope
  amplitude,
  mixpanel,
  mixpanel_engage,  // a user's profile
  mixpanel_groups,  // a group's
  matomo,           // a query string, or an item of a bulk request
  umami,
  plausible,
};
std::string_view wire_name(Wire wire);
std::optional<Wire> wire_of(std::string_view name);

// The write key was retired: the event waits in quarantine until an operator takes it in.
inline constexpr std::string_view kHeldRetiredKey = "retiredKey";

inline constexpr std::size_t kSentAtBytesMax = 64;
inline constexpr std::size_t kUserAgentBytesMax = 512;

struct Envelope {
  std::string id;  // the client's, else one derived from the raw object and the line
  base::Time received_at;
  Wire wire = Wire::events;
  std::string source;           // whose write key it was
  std::string held = {};        // why it goes into quarantine whatever it is; empty: it doesn't
  std::string sent_at = {};     // when the client says it sent the request, as it says it; empty where it doesn't
  std::string raw;              // the bytes as they came
  std::string visitor = {};     // whoever sent it, as a pseudonym, on wires that name nobody; empty elsewhere
  std::string address = {};     // that it came from, as far as the deployment keeps it; empty where it doesn't
  std::string user_agent = {};  // the header of the request; the same
};

// One line without its newline. `raw` is a JSON string of the very bytes; what isn't UTF-8 is `raw_base64`.
std::string write_envelope(const Envelope& envelope);
// What is wrong with the line, where it isn't one of ours.
std::expected<Envelope, std::string> read_envelope(std::string_view line);

// The line that stands for an event that was erased, so that the lines after it keep their numbers: it is no event any
// more, neither received nor quarantined.
std::string write_erased(base::Time when);
bool is_erased(std::string_view line);

// Appends `raw` or `raw_base64`, with its name, as the member of a JSON object that is being written.
void append_raw_member(std::string& out, std::string_view raw);

// 2026-11-22T12:45:58.440Z: UTC, milliseconds, always as wide, for the years 0000 to 9999.
std::string format_time(base::Time time);

// "raw/year=2026/month=11/day=22/hour=13/<ulid>.json", by UTC.
std::string partition_key(std::string_view prefix, base::Time received_at, std::string_view ulid);
inline constexpr std::string_view kRawPrefix = "raw/";
inline constexpr std::string_view kQuarantinePrefix = "quarantine/";
// The key of the quarantine of a raw object; nothing where the key isn't that of a raw object.
std::optional<std::string> quarantine_key(std::string_view raw_key);

// The id of an event whose client sent none: "<ulid of the object>-<line>". The same however often it is derived.
std::string derived_id(std::string_view ulid, std::size_t line);

}  // namespace pipeline::event
