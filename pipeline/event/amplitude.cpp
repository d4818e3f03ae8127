// Amplitude's HTTP API: https://amplitude.com/docs/apis/analytics/http-v2. What the SDK says of itself, the device and
// the place becomes the context.

#include <algorithm>

#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

constexpr Alias kAmplitudeTypes[] = {
    {"$identify", "identify"}, {"$groupidentify", "group"}, {"[Amplitude] Page Viewed", "page_view"}};

constexpr Alias kAmplitudeProperties[] = {
    {"[Amplitude] Page Location", "url"}, {"[Amplitude] Page Path", "path"}, {"[Amplitude] Page Title", "title"}};

constexpr std::string_view kAmplitudeRead[] = {"event_type", "event_properties", "user_id", "device_id", "insert_id",
                                               "time",       "event_id"};

// {"$set": {"plan": "free"}} is plan: free; other operations stay in the raw object.
void read_profile(Fields& fields, std::string_view member, Event& event) {
  const json::Object operations = fields.object(member);
  const json::Value* set = operations.find("$set");
  event.properties = set && set->is_object() ? set->as_object() : json::Object{};
  event.properties_path = "/" + std::string(member) + "/$set";
}

}  // namespace

Event read_amplitude(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/event_properties";
  event.type = read_type(fields, "/event_type", text_of(raw, "event_type"), kAmplitudeTypes);
  auto [properties, details] = sort_properties(fields.object("event_properties"), "[Amplitude] ", kAmplitudeProperties);
  event.properties = std::move(properties);
  if (event.type == "identify") {
    read_profile(fields, "user_properties", event);
  } else if (event.type == "group") {
    read_profile(fields, "group_properties", event);
    const json::Object groups = fields.object("groups");
    if (groups.empty()) fields.refuse("/groups", "required", "a $groupidentify must name a group");
    for (const auto& [kind, name] : groups) event.properties.set("group_id", name);
  }
  for (const auto& [name, value] : raw) {
    if (!value.is_null() && std::ranges::find(kAmplitudeRead, name) == std::end(kAmplitudeRead)) {
      event.context.append(name, value);
    }
  }
  if (!details.empty()) event.context.set("amplitude", std::move(details));
  event.user_id = fields.id({"user_id"}, kUserIdBytesMax);
  event.anonymous_id = fields.id({"device_id"}, kUserIdBytesMax);
  event.occurred_at = fields.time({"time"});
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a user_id or a device_id");
  }
  return event;
}

}  // namespace pipeline::event
