// CloudEvents: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, in the JSON event format.

#include "pipeline/event/fields.hpp"

namespace pipeline::event {

Event read_cloudevents(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  static constexpr std::string_view kRead[] = {"id",     "type",       "time", "data", "specversion", "datacontenttype",
                                               "userid", "anonymousid"};
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/data";
  if (text_of(raw, "specversion") != "1.0") fields.refuse("/specversion", "const", "must be \"1.0\"");
  event.type = text_of(raw, "type");
  if (!is_type_name(event.type)) {
    event.type = snake_case(event.type);
    if (!is_type_name(event.type)) fields.refuse("/type", "required", "must name the event's type");
  }
  event.schema_version = version_in_address(text_of(raw, "dataschema"));
  event.properties = fields.object("data");
  event.occurred_at = fields.time({"time"});
  event.user_id = fields.id({"userid", "subject"}, kUserIdBytesMax);
  event.anonymous_id = fields.id({"anonymousid"}, kUserIdBytesMax);
  for (const auto& [name, value] : raw) {
    bool is_read = false;
    for (const std::string_view known : kRead) is_read = is_read || known == name;
    if (!is_read) event.context.set(name, value);
  }
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a subject, or an attribute userid or anonymousid");
  }
  return event;
}

}  // namespace pipeline::event
