// PostHog's wire: https://posthog.com/docs/api/capture. What the SDK says of itself and of the browser ($…) becomes the
// context; members that this doesn't read ($set_once, sent_at, …) stay in the raw object.

#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

// PostHog's names for what has a type of its own here.
constexpr Alias kPosthogTypes[] = {
    {"$pageview", "page_view"},  {"$screen", "screen_view"}, {"$identify", "identify"},
    {"$groupidentify", "group"}, {"$create_alias", "alias"},
};

// Its names for properties that our schemas name.
constexpr Alias kPosthogProperties[] = {
    {"$current_url", "url"}, {"$pathname", "path"}, {"$referrer", "referrer"}, {"$screen_name", "name"}};

bool is_false(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value && value->is_bool() && !value->as_bool();
}

// A person whom nobody has identified yet goes by the id of the device.
bool is_anonymous(const json::Object& properties, std::string_view distinct_id) {
  return text_of(properties, "$device_id") == distinct_id || is_false(properties, "$is_identified") ||
         is_false(properties, "$process_person_profile");
}

// Its own properties by our names, the rest of what begins with a $ to the context.
void read_properties(const json::Object& from, Event& event) {
  auto [properties, details] = sort_properties(from, "$", kPosthogProperties);
  properties.erase("distinct_id");
  properties.erase("token");
  event.properties = std::move(properties);
  event.context = {
      {"library", json::Object{{"name", text_of(details, "lib")}, {"version", text_of(details, "lib_version")}}},
      {"posthog", std::move(details)}};
}

void read_kind(Fields& fields, const json::Object& properties, Event& event) {
  if (event.type == "identify") {
    const json::Value* set = properties.find("$set");
    if (!set) return;
    event.properties = set->is_object() ? set->as_object() : json::Object{};
    event.properties_path = "/properties/$set";
  } else if (event.type == "group") {
    const std::string_view key = text_of(properties, "$group_key");
    if (key.empty()) fields.refuse("/properties/$group_key", "required", "a $groupidentify must have a $group_key");
    const json::Value* set = properties.find("$group_set");
    event.properties = set && set->is_object() ? set->as_object() : json::Object{};
    event.properties_path = "/properties/$group_set";
    event.properties.set("group_id", key);
  } else if (event.type == "alias") {
    const std::string_view alias = text_of(properties, "alias");
    if (alias.empty()) fields.refuse("/properties/alias", "required", "a $create_alias must have an alias");
    event.properties = {{"previous_id", alias}};
  }
}

}  // namespace

Event read_posthog(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/properties";
  const json::Object properties = fields.object("properties");
  event.type = read_type(fields, "/event", fields.text("event").value_or(""), kPosthogTypes);
  if (event.type.empty()) return event;
  read_properties(properties, event);
  read_kind(fields, properties, event);

  std::string id = fields.id({"distinct_id"}, kUserIdBytesMax);
  if (id.empty()) id = Fields(properties, reasons).id({"distinct_id"}, kUserIdBytesMax);
  if (reasons.empty() && id.empty()) fields.refuse("/distinct_id", "required", "must have a distinct_id");
  (is_anonymous(properties, id) ? event.anonymous_id : event.user_id) = id;
  event.occurred_at = fields.time({"timestamp"});
  if (!event.occurred_at) event.occurred_at = Fields(properties, reasons).time({"$time"});
  return event;
}

}  // namespace pipeline::event
