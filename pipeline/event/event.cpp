// Reading an event of either wire, and normalising it.

#include "pipeline/event/event.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/pointer.hpp"
#include "pipeline/event/fields.hpp"
#include "pipeline/event/timestamp.hpp"

namespace pipeline::event {

namespace {

void check_identity(Fields& fields, const Event& event) {
  if (event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a user_id or an anonymous_id");
  }
}

using Reader = Event (*)(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons);

Reader reader_of(Wire wire) {
  switch (wire) {
    case Wire::events:
      return &read_native;
    case Wire::posthog:
      return &read_posthog;
    case Wire::snowplow:
    case Wire::snowplow_query:
      return &read_snowplow;
    case Wire::cloudevents:
      return &read_cloudevents;
    case Wire::clickstream:
      return &read_clickstream;
    case Wire::otlp:
      return &read_otlp;
    case Wire::amplitude:
      return &read_amplitude;
    case Wire::mixpanel:
    case Wire::mixpanel_engage:
    case Wire::mixpanel_groups:
      return &read_mixpanel;
    case Wire::matomo:
      return &read_matomo;
    case Wire::umami:
      return &read_umami;
    case Wire::plausible:
      return &read_plausible;
    default:
      return &read_segment;
  }
}

std::string client_id_of(const json::Object& event, Wire wire, std::vector<Reason>& reasons) {
  Fields fields(event, reasons);
  switch (wire) {
    case Wire::events:
      return fields.id({"event_id", "messageId", "message_id"}, kEventIdBytesMax);
    case Wire::posthog:
      return fields.id({"uuid"}, kEventIdBytesMax);
    case Wire::snowplow:
    case Wire::snowplow_query:
      return fields.id({"eid"}, kEventIdBytesMax);
    case Wire::cloudevents:
      return fields.id({"id"}, kEventIdBytesMax);
    case Wire::clickstream:
      return fields.id({"event_id"}, kEventIdBytesMax);
    case Wire::otlp: {
      const json::Object record{{"uid", otlp_record_id(event)}};
      return Fields(record, reasons).id({"uid"}, kEventIdBytesMax);
    }
    case Wire::amplitude:
      return fields.id({"insert_id"}, kEventIdBytesMax);
    case Wire::mixpanel: {
      const json::Value* properties = event.find("properties");
      if (!properties || !properties->is_object()) return {};
      return Fields(properties->as_object(), reasons).id({"$insert_id"}, kEventIdBytesMax);
    }
    case Wire::mixpanel_engage:
    case Wire::mixpanel_groups:
    case Wire::matomo:
    case Wire::umami:
    case Wire::plausible:
      return {};  // theirs have none
    default:
      return fields.id({"messageId"}, kEventIdBytesMax);
  }
}

std::expected<json::Value, json::ParseError> parse_query(std::string_view query) {
  if (query.starts_with('?')) query.remove_prefix(1);
  auto members = read_query(query);
  if (!members) return std::unexpected(json::ParseError{"too many parameters, or not UTF-8,", 0});
  return *std::move(members);
}

// An item of Matomo's bulk requests is a query string within JSON, or an object; by itself it is a query string.
std::expected<json::Value, json::ParseError> parse_raw(const Envelope& envelope) {
  const std::string& raw = envelope.raw;
  if (envelope.wire == Wire::snowplow_query) return parse_query(raw);
  if (envelope.wire == Wire::matomo && !raw.starts_with('"') && !raw.starts_with('{')) return parse_query(raw);
  auto parsed = json::parse(raw, {.depth_max = kEventDepthMax});
  if (envelope.wire == Wire::matomo && parsed && parsed->is_string()) return parse_query(parsed->as_string());
  return parsed;
}

// The member in which an event itself says when it was sent.
std::string_view sent_member(Wire wire) {
  switch (wire) {
    case Wire::events:
      return "sent_at";
    case Wire::snowplow:
    case Wire::snowplow_query:
      return "stm";
    case Wire::segment:
    case Wire::segment_track:
    case Wire::segment_page:
    case Wire::segment_screen:
    case Wire::segment_identify:
    case Wire::segment_group:
    case Wire::segment_alias:
      return "sentAt";
    default:
      return "";
  }
}

// It only describes the clock: one that can't be read is no reason to refuse the event.
std::optional<base::Time> read_sent_at(const json::Object& raw, const Envelope& envelope) {
  const json::Value* const own = raw.find(sent_member(envelope.wire));
  if (own && own->is_number()) return from_client_number(own->as_number());
  const std::string_view text = own && own->is_string() ? std::string_view(own->as_string()) : envelope.sent_at;
  if (text.empty() || text.size() > kSentAtBytesMax) return std::nullopt;
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? from_client_number(json::Number::from_text(std::string(text))) : parse_client_time(text);
}

// 1 as well as 1.0, "1" and "1-0-2".
std::optional<WantedVersion> read_version(const json::Value& value) {
  if (value.is_string()) return parse_wanted_version(value.as_string());
  const auto model = value.is_number() ? value.as_number().as_int64() : std::nullopt;
  return model ? parse_wanted_version(std::to_string(*model)) : std::nullopt;
}

void lower_email(json::Object& object) {
  json::Value* email = object.find("email");
  if (email && email->is_string()) *email = base::lower(email->as_string());
}

}  // namespace

Event read_native(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  static constexpr std::string_view kMembers[] = {"type",        "user_id",     "userId",         "anonymous_id",
                                                  "anonymousId", "event_id",    "messageId",      "message_id",
                                                  "timestamp",   "occurred_at", "schema_version", "properties",
                                                  "context",     "writeKey",    "sent_at"};
  Fields fields(raw, reasons);
  for (const auto& [name, value] : raw) {
    bool known = false;
    for (const std::string_view member : kMembers) known = known || member == name;
    if (!known) {
      fields.refuse("/" + json::escape_pointer(name), "additionalProperties",
                    "is not a member of an event; what describes it belongs in properties");
    }
  }
  Event event;
  event.id = envelope.id;
  fields.id({"event_id", "messageId", "message_id"}, kEventIdBytesMax);
  if (const auto type = fields.find({"type"}); !type) {
    fields.refuse("", "required", "must have a type");
  } else if (!type->value->is_string() || !is_type_name(type->value->as_string())) {
    fields.refuse("/type", "pattern", "must be a string like [a-z0-9][a-z0-9_.-]{0,127}");
  } else {
    event.type = type->value->as_string();
  }
  if (const auto version = fields.find({"schema_version"})) {
    const auto wanted = read_version(*version->value);
    if (wanted) {
      event.schema_version = *wanted;
    } else {
      fields.refuse("/schema_version", version->value->is_string() ? "pattern" : "minimum",
                    "must be an integer from 1 to 1000000, or a version as \"1-0-2\"");
    }
  }
  event.user_id = fields.id({"user_id", "userId"}, kUserIdBytesMax);
  event.anonymous_id = fields.id({"anonymous_id", "anonymousId"}, kUserIdBytesMax);
  event.occurred_at = fields.time({"timestamp", "occurred_at"});
  event.properties = fields.object("properties");
  event.properties_path = "/properties";
  event.context = fields.object("context");
  if (reasons.empty()) check_identity(fields, event);
  return event;
}

std::expected<Event, Unreadable> read_event(const Envelope& envelope) {
  Unreadable unreadable;
  if (envelope.raw.size() > kEventBytesMax) {
    unreadable.reasons.push_back({"", "maxLength", fmt::format("an event must be at most {} bytes", kEventBytesMax)});
    return std::unexpected(std::move(unreadable));
  }
  const auto parsed = parse_raw(envelope);
  if (!parsed) {
    unreadable.reasons.push_back({"", "json", parsed.error().describe()});
    return std::unexpected(std::move(unreadable));
  }
  if (!parsed->is_object()) {
    unreadable.reasons.push_back({"", "type", fmt::format("an event must be an object, is {}", parsed->kind())});
    return std::unexpected(std::move(unreadable));
  }
  Event event = reader_of(envelope.wire)(parsed->as_object(), envelope, unreadable.reasons);
  event.sent_at = read_sent_at(parsed->as_object(), envelope);
  if (unreadable.reasons.empty()) return event;
  unreadable.type = std::move(event.type);
  return std::unexpected(std::move(unreadable));
}

std::optional<std::string> client_id(const json::Value& event, Wire wire) {
  if (!event.is_object()) return std::nullopt;
  std::vector<Reason> reasons;
  std::string id = client_id_of(event.as_object(), wire, reasons);
  if (id.empty()) return std::nullopt;
  return id;
}

void normalize(Event& event) {
  lower_email(event.properties);
  json::Value* traits = event.context.find("traits");
  if (traits && traits->is_object()) lower_email(traits->as_object());
}

}  // namespace pipeline::event
