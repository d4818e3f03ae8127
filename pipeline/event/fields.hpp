#pragma once
// Reads single members of an event, noting every reason why one is refused. Used by the wires' readers only.

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/event/event.hpp"

namespace pipeline::event {

class Fields {
 public:
  Fields(const json::Object& event, std::vector<Reason>& reasons) : event_(event), reasons_(reasons) {}

  // The first of the names that is there and isn't null, and its name.
  struct Found {
    std::string_view name;
    const json::Value* value;
  };
  std::optional<Found> find(std::initializer_list<std::string_view> names) const;

  // Text of 1 to bytes_max bytes without control characters; an integer counts as its text. Empty where it is missing.
  std::string id(std::initializer_list<std::string_view> names, std::size_t bytes_max);
  std::optional<base::Time> time(std::initializer_list<std::string_view> names);
  // An empty one where it is missing.
  json::Object object(std::string_view name);
  std::optional<std::string> text(std::string_view name);

  void refuse(std::string path, std::string keyword, std::string message);

 private:
  const json::Object& event_;
  std::vector<Reason>& reasons_;
};

inline constexpr std::size_t kEventIdBytesMax = 256;
inline constexpr std::size_t kUserIdBytesMax = 512;

// A member that is text; empty where it is missing or something else.
std::string_view text_of(const json::Object& object, std::string_view name);

// The type of an event that a client calls by a name of its own: "Video Played" is video_played, "Signed Up" is signup.
std::string type_of(std::string_view name);

// What a client calls by a name of its own, and our name for it.
struct Alias {
  std::string_view theirs;
  std::string_view ours;
};

// The type of an event by its client's name for it. A name that can be none is refused at `path`, and the type is
// empty.
std::string read_type(Fields& fields, std::string_view path, std::string_view name, std::span<const Alias> aliases);

// Sorts a client's properties, in a time that grows with their number: what has a name of ours gets that, what begins
// with `prefix` is the client's own and becomes a detail, without it; nulls are left out.
struct Sorted {
  json::Object properties;
  json::Object details;
};
Sorted sort_properties(const json::Object& from, std::string_view prefix, std::span<const Alias> aliases);

// The readers of the wires.
Event read_native(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_segment(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_posthog(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_snowplow(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_cloudevents(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_clickstream(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_otlp(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_amplitude(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_mixpanel(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_matomo(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_umami(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);
Event read_plausible(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);

// The id of a log record, where it has one: its attribute log.record.uid.
std::string_view otlp_record_id(const json::Object& raw);

}  // namespace pipeline::event
