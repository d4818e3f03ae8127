// Segment's wire: https://segment.com/docs/connections/spec/common/ and the pages of each call beside it. Members that
// this doesn't read (sentAt, integrations, _metadata, …) stay in the raw object.

#include <fmt/core.h>

#include "base/text.hpp"
#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

std::string_view call_of(Wire wire, const json::Object& raw) {
  switch (wire) {
    case Wire::segment_track:
      return "track";
    case Wire::segment_page:
      return "page";
    case Wire::segment_screen:
      return "screen";
    case Wire::segment_identify:
      return "identify";
    case Wire::segment_group:
      return "group";
    case Wire::segment_alias:
      return "alias";
    default:
      break;
  }
  return text_of(raw, "type");
}

// Joins a member of the event to its properties, where they have none of that name.
void join(json::Object& properties, std::string_view name, const std::optional<std::string>& text) {
  if (text && !properties.contains(name)) properties.append(std::string(name), *text);
}

void read_track(Fields& fields, Event& event) {
  event.properties = fields.object("properties");
  const auto name = fields.text("event");
  if (!name || name->empty()) {
    fields.refuse("/event", "required", "a track call must name its event");
    return;
  }
  event.type = type_of(*name);
  if (!is_type_name(event.type)) {
    fields.refuse("/event", "pattern",
                  "the event's name must hold an ASCII letter or digit and be at most 128 characters");
    event.type.clear();
  }
}

void read_page(Fields& fields, Event& event, std::string_view type) {
  event.type = type;
  event.properties = fields.object("properties");
  join(event.properties, "name", fields.text("name"));
  join(event.properties, "category", fields.text("category"));
}

void read_traits(Fields& fields, Event& event, std::string_view type) {
  event.type = type;
  event.properties = fields.object("traits");
  event.properties_path = "/traits";
}

void read_group(Fields& fields, Event& event) {
  read_traits(fields, event, "group");
  const std::string group_id = fields.id({"groupId"}, kUserIdBytesMax);
  if (group_id.empty()) fields.refuse("/groupId", "required", "a group call must have a groupId");
  join(event.properties, "group_id", group_id);
}

void read_alias(Fields& fields, Event& event) {
  event.type = "alias";
  const std::string previous_id = fields.id({"previousId"}, kUserIdBytesMax);
  if (previous_id.empty()) fields.refuse("/previousId", "required", "an alias call must have a previousId");
  join(event.properties, "previous_id", previous_id);
}

}  // namespace

std::string snake_case(std::string_view name) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string out;
  bool word_ended = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
      word_ended = true;
      continue;
    }
    if (is_upper(c) && i > 0) {
      // A capital begins a word after a small letter, and before one where capitals precede it: "URLOpened".
      const bool next_is_lower = i + 1 < name.size() && is_lower(name[i + 1]);
      if (is_lower(name[i - 1]) || is_digit(name[i - 1]) || (is_upper(name[i - 1]) && next_is_lower)) word_ended = true;
    }
    if (word_ended && !out.empty()) out += '_';
    word_ended = false;
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

Event read_segment(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/properties";
  fields.id({"messageId"}, kEventIdBytesMax);
  const std::string_view call = call_of(envelope.wire, raw);
  if (call == "track") {
    read_track(fields, event);
  } else if (call == "page") {
    read_page(fields, event, "page_view");
  } else if (call == "screen") {
    read_page(fields, event, "screen_view");
  } else if (call == "identify") {
    read_traits(fields, event, "identify");
  } else if (call == "group") {
    read_group(fields, event);
  } else if (call == "alias") {
    read_alias(fields, event);
  } else {
    fields.refuse("/type", "enum", "must be one of track, page, screen, identify, group, alias");
  }
  event.user_id = fields.id({"userId"}, kUserIdBytesMax);
  event.anonymous_id = fields.id({"anonymousId"}, kUserIdBytesMax);
  event.occurred_at = fields.time({"timestamp", "originalTimestamp"});
  event.context = fields.object("context");
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a userId or an anonymousId");
  }
  return event;
}

}  // namespace pipeline::event
