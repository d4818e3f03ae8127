// The wire of AWS's Clickstream Analytics SDKs:
// https://docs.aws.amazon.com/solutions/latest/clickstream-analytics-on-aws/. What begins with an underscore is the
// SDK's own: it becomes the context, where our schemas don't name it.

#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

constexpr Alias kClickstreamTypes[] = {
    {"_page_view", "page_view"}, {"_screen_view", "screen_view"}, {"_profile_set", "identify"}};

constexpr Alias kClickstreamProperties[] = {{"_page_url", "url"},
                                            {"_page_title", "title"},
                                            {"_page_referrer", "referrer"},
                                            {"_screen_name", "name"},
                                            {"_search_key", "search"}};

// {"plan": {"value": "free", "set_timestamp": …}} is plan: free.
json::Object plain(const json::Object& user) {
  json::Object traits;
  for (const auto& [name, entry] : user) {
    const json::Value* value = entry.find("value");
    if (value && !name.starts_with('_')) traits.set(name, *value);
  }
  return traits;
}

}  // namespace

Event read_clickstream(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/attributes";
  event.type = read_type(fields, "/event_type", text_of(raw, "event_type"), kClickstreamTypes);
  const json::Object user = fields.object("user");
  auto [properties, details] = sort_properties(fields.object("attributes"), "_", kClickstreamProperties);
  event.properties = std::move(properties);
  event.context.set("clickstream", std::move(details));
  if (event.type == "identify") {
    event.properties = plain(user);
    event.properties_path = "/user";
  }
  if (const json::Value* items = raw.find("items")) event.properties.set("items", *items);
  for (const std::string_view member : {"platform", "locale", "host_name", "sdk_name", "sdk_version"}) {
    if (const std::string_view text = text_of(raw, member); !text.empty()) event.context.set(std::string(member), text);
  }
  if (const json::Value* id = user.find("_user_id"); id && id->is_object()) {
    event.user_id = Fields(id->as_object(), reasons).id({"value"}, kUserIdBytesMax);
  }
  event.anonymous_id = fields.id({"device_id"}, kUserIdBytesMax);
  event.occurred_at = fields.time({"timestamp"});
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a device_id or a user with a _user_id");
  }
  return event;
}

}  // namespace pipeline::event
