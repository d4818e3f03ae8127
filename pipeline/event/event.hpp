#pragma once
// What an event is, whichever wire it came on: who, what, when. Reading one checks the rules of the envelope; what its
// properties must be is the schema's matter. Pure.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "json/value.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/event/schema_version.hpp"

namespace pipeline::event {

// Why an event is quarantined.
struct Reason {
  std::string path;     // JSON pointer into the event as it came
  std::string keyword;  // the rule that it broke, e.g. "required", "maxLength", "unknownType"
  std::string message;

  bool operator==(const Reason&) const = default;
};
inline constexpr std::size_t kReasonsMax = 50;

// Larger or deeper than an event can be stored: it is quarantined unparsed.
inline constexpr std::size_t kEventBytesMax = 1 << 20;
inline constexpr std::size_t kEventDepthMax = 256;

struct Event {
  std::string id;
  std::string type;
  WantedVersion schema_version;
  std::string user_id;                    // empty where there is none
  std::string anonymous_id;               // empty where there is none
  std::optional<base::Time> occurred_at;  // the client's own time, whole milliseconds
  std::optional<base::Time> sent_at;      // the same clock's, when it sent the event, on wires that say so
  json::Object properties;
  json::Object context;
  std::string properties_path;  // where the properties lay in the event as it came, e.g. "/traits"
};

// What could not be read of an event, and why.
struct Unreadable {
  std::string type;  // as far as it is known
  std::vector<Reason> reasons;
};

std::expected<Event, Unreadable> read_event(const Envelope& envelope);

// The members of an event that came as a query string, all of them text. Nothing where they are too many or not UTF-8.
std::optional<json::Object> read_query(std::string_view query);

// The id that the client gave its event, where it gave a usable one: 1 to 256 bytes.
std::optional<std::string> client_id(const json::Value& event, Wire wire);

// As the names of event types must be: they are parts of S3 keys and of index keys.
bool is_type_name(std::string_view text);

// "Video Played" and "videoPlayed" are video_played; what isn't an ASCII letter or digit separates words.
std::string snake_case(std::string_view name);

// Rewrites e-mail addresses (members named "email") in the properties and in the context's traits to lower case.
void normalize(Event& event);

}  // namespace pipeline::event
