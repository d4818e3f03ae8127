// Plausible's events: https://plausible.io/docs/events-api, and the short names that its trackers use. They name
// nobody: the envelope's pseudonym stands for the visitor.

#include "json/parse.hpp"
#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

constexpr Alias kPlausibleTypes[] = {{"pageview", "page_view"}};

// The properties, an object or JSON in text, as older trackers send it.
json::Object custom_properties(const Fields& fields) {
  const auto found = fields.find({"p", "props", "m", "meta"});
  if (!found) return {};
  if (found->value->is_object()) return found->value->as_object();
  if (!found->value->is_string()) return {};
  auto parsed = json::parse(found->value->as_string(), {.depth_max = kEventDepthMax});
  return parsed && parsed->is_object() ? std::move(parsed->as_object()) : json::Object{};
}

}  // namespace

Event read_plausible(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/p";
  const auto name = fields.find({"n", "name"});
  event.type = read_type(fields, "/n", name && name->value->is_string() ? name->value->as_string() : std::string_view(),
                         kPlausibleTypes);
  event.properties = custom_properties(fields);
  const auto take = [&](std::initializer_list<std::string_view> theirs, std::string_view ours) {
    if (const auto found = fields.find(theirs)) event.properties.set(ours, *found->value);
  };
  take({"u", "url"}, "url");
  take({"r", "referrer"}, "referrer");
  take({"$", "revenue"}, "revenue");
  take({"sd"}, "scroll_depth");
  take({"e"}, "engagement_ms");
  if (const auto domain = fields.find({"d", "domain"})) event.context.set("domain", *domain->value);
  event.anonymous_id = envelope.visitor;
  if (reasons.empty() && event.anonymous_id.empty()) fields.refuse("", "required", "must have come over HTTP");
  return event;
}

}  // namespace pipeline::event
