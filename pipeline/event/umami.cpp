// Umami's tracker: https://umami.is/docs/api/sending-stats. It names nobody but whom a page has identified; the
// envelope's pseudonym stands for all others.

#include "pipeline/event/fields.hpp"

namespace pipeline::event {

namespace {

constexpr std::string_view kUmamiPage[] = {"url", "title", "referrer"};
constexpr std::string_view kUmamiContext[] = {"website", "hostname", "language", "screen", "tag"};

void take_texts(const json::Object& from, std::span<const std::string_view> names, json::Object& into) {
  for (const std::string_view name : names) {
    if (const std::string_view text = text_of(from, name); !text.empty() && !into.contains(name))
      into.append(std::string(name), text);
  }
}

// Trackers leave the site out of a page's address.
void read_umami_page(const json::Object& payload, json::Object& properties) {
  take_texts(payload, kUmamiPage, properties);
  const std::string url(text_of(properties, "url"));
  if (!url.starts_with('/')) return;
  properties.erase("url");
  properties.set("path", url);
}

}  // namespace

Event read_umami(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/payload/data";
  const json::Object payload = fields.object("payload");
  Fields of_payload(payload, reasons);
  event.properties = of_payload.object("data");
  const std::string_view kind = text_of(raw, "type");
  const std::string_view name = text_of(payload, "name");
  if (kind == "identify") {
    event.type = "identify";
  } else if (kind != "event") {
    fields.refuse("/type", "enum", "must be event or identify");
  } else {
    event.type = name.empty() ? "page_view" : read_type(fields, "/payload/name", name, {});
    read_umami_page(payload, event.properties);
  }
  take_texts(payload, kUmamiContext, event.context);
  event.user_id = of_payload.id({"id"}, kUserIdBytesMax);
  event.anonymous_id = envelope.visitor;
  event.occurred_at = of_payload.time({"timestamp"});
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have an id, or have come over HTTP");
  }
  return event;
}

}  // namespace pipeline::event
