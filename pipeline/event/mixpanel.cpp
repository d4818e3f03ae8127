// Mixpanel's events and profiles: https://developer.mixpanel.com/reference/track-event and the pages of profiles beside
// it. What the SDK says of itself and of the browser ($…) becomes the context.

#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

constexpr Alias kMixpanelTypes[] = {
    {"$mp_web_page_view", "page_view"}, {"$identify", "alias"}, {"$create_alias", "alias"}};

constexpr Alias kMixpanelProperties[] = {{"$current_url", "url"},
                                         {"current_url_path", "path"},
                                         {"current_page_title", "title"},
                                         {"$anon_distinct_id", "previous_id"},
                                         {"alias", "previous_id"}};

// Before anybody is identified an SDK calls its user by the device.
constexpr std::string_view kDevice = "$device:";

void read_identity(Fields& fields, std::string_view distinct, std::string_view device, std::string_view user,
                   Event& event) {
  const std::string id = fields.id({distinct}, kUserIdBytesMax);
  event.user_id = fields.id({user}, kUserIdBytesMax);
  event.anonymous_id = fields.id({device}, kUserIdBytesMax);
  if (id.starts_with(kDevice)) {
    if (event.anonymous_id.empty()) event.anonymous_id = id.substr(kDevice.size());
  } else if (!id.empty() && id != event.anonymous_id) {
    event.user_id = id;
  }
}

void read_mixpanel_event(Fields& fields, const json::Object& properties, Event& event, std::vector<Reason>& reasons) {
  event.properties_path = "/properties";
  event.type = read_type(fields, "/event", fields.text("event").value_or(""), kMixpanelTypes);
  auto [own, details] = sort_properties(properties, "$", kMixpanelProperties);
  for (const std::string_view name : {"distinct_id", "token", "time"}) own.erase(name);
  if (event.type == "alias" && text_of(own, "previous_id").starts_with(kDevice)) {
    own.set("previous_id", text_of(own, "previous_id").substr(kDevice.size()));
  }
  event.context.set("library",
                    json::Object{{"name", text_of(own, "mp_lib")}, {"version", text_of(details, "lib_version")}});
  own.erase("mp_lib");
  event.properties = std::move(own);
  event.context.set("mixpanel", std::move(details));
  Fields of_properties(properties, reasons);
  read_identity(of_properties, "distinct_id", "$device_id", "$user_id", event);
  event.occurred_at = of_properties.time({"time"});
}

// A profile is changed by operations; what is set are the properties, other operations go to the context.
void read_operations(const json::Object& raw, Event& event) {
  json::Object operations;
  for (const std::string_view name : {"$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete"}) {
    if (const json::Value* operation = raw.find(name)) operations.set(name.substr(1), *operation);
  }
  if (!operations.empty()) event.context.set("operations", std::move(operations));
  const json::Value* set = raw.find("$set");
  event.properties_path = "/$set";
  event.properties = set && set->is_object() ? sort_properties(set->as_object(), "$", {}).properties : json::Object{};
}

}  // namespace

Event read_mixpanel(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  if (envelope.wire == Wire::mixpanel) {
    read_mixpanel_event(fields, fields.object("properties"), event, reasons);
  } else if (envelope.wire == Wire::mixpanel_engage) {
    event.type = "identify";
    read_operations(raw, event);
    read_identity(fields, "$distinct_id", "$device_id", "$user_id", event);
    event.occurred_at = fields.time({"$time"});
  } else {
    event.type = "group";
    read_operations(raw, event);
    const std::string kind = fields.id({"$group_key"}, kUserIdBytesMax / 2);
    const std::string group = fields.id({"$group_id"}, kUserIdBytesMax / 2);
    event.properties.set("group_id", group);
    // Nobody did this; the group itself stands in for whoever it was.
    if (!kind.empty() && !group.empty()) event.anonymous_id = kind + ":" + group;
  }
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must say whose it is: a distinct_id, or a group's key and id");
  }
  return event;
}

}  // namespace pipeline::event
