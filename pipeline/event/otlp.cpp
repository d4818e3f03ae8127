// OpenTelemetry's log records that are events: https://opentelemetry.io/docs/specs/otel/logs/data-model/. A record lies
// here as {"resource", "scope", "logRecord"}, each as OTLP has it in JSON.

#include <unordered_set>

#include "base/text.hpp"
#include "pipeline/event/fields.hpp"
#include "pipeline/event/timestamp.hpp"

namespace pipeline::event {

namespace {

constexpr Alias kOtlpProperties[] = {{"url.full", "url"}, {"url.path", "path"}};
constexpr std::string_view kOtlpUser[] = {"user.id", "enduser.id"};
constexpr std::string_view kOtlpAnonymous[] = {"app.installation.id", "device.id", "session.id"};

json::Object attributes_of(const json::Value* list);

// {"intValue": "7"} is 7. 64 bits are text in OTLP, so that JavaScript keeps them; NaN and its like stay text.
json::Value plain_value(const json::Value& typed) {
  if (!typed.is_object() || typed.as_object().empty()) return {};
  const auto& [kind, value] = *typed.as_object().begin();
  if (kind == "intValue" && value.is_string()) {
    const auto number = base::to_number<std::int64_t>(value.as_string());
    return number ? json::Value(*number) : value;
  }
  if (kind == "kvlistValue") return attributes_of(value.find("values"));
  if (kind != "arrayValue") return value;
  json::Array items;
  if (const json::Value* list = value.find("values"); list && list->is_array()) {
    for (const json::Value& item : list->as_array()) items.push_back(plain_value(item));
  }
  return items;
}

// [{"key", "value"}] as an object; of a repeated key the first counts.
json::Object attributes_of(const json::Value* list) {
  json::Object attributes;
  if (!list || !list->is_array()) return attributes;
  std::unordered_set<std::string_view> seen;
  for (const json::Value& attribute : list->as_array()) {
    const auto key = attribute.get_string("key");
    const json::Value* value = attribute.find("value");
    if (key && seen.insert(*key).second)
      attributes.append(std::string(*key), value ? plain_value(*value) : json::Value());
  }
  return attributes;
}

std::string first_id(const json::Object& record, const json::Object& resource, std::span<const std::string_view> names,
                     std::vector<Reason>& reasons) {
  for (const json::Object* attributes : {&record, &resource}) {
    for (const std::string_view name : names) {
      if (std::string id = Fields(*attributes, reasons).id({name}, kUserIdBytesMax); !id.empty()) return id;
    }
  }
  return {};
}

// Nanoseconds since 1970, as text or as a number; 0 is unknown.
std::optional<base::Time> read_nanoseconds(const json::Object& record, std::string_view name) {
  const json::Value* value = record.find(name);
  if (!value) return std::nullopt;
  const auto nanoseconds = value->is_string()   ? base::to_number<std::int64_t>(value->as_string())
                           : value->is_number() ? value->as_number().as_int64()
                                                : std::nullopt;
  if (!nanoseconds || *nanoseconds <= 0) return std::nullopt;
  return base::from_unix_ms(*nanoseconds / 1'000'000);
}

const json::Object& member_object(const json::Object& object, std::string_view name) {
  static const json::Object kNone;
  const json::Value* value = object.find(name);
  return value && value->is_object() ? value->as_object() : kNone;
}

}  // namespace

std::string_view otlp_record_id(const json::Object& raw) {
  const json::Value* attributes = member_object(raw, "logRecord").find("attributes");
  if (!attributes || !attributes->is_array()) return {};
  for (const json::Value& attribute : attributes->as_array()) {
    const json::Value* value = attribute.find("value");
    if (value && attribute.get_string("key") == "log.record.uid") return value->get_string("stringValue").value_or("");
  }
  return {};
}

Event read_otlp(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.properties_path = "/logRecord/attributes";
  const json::Object& record = member_object(raw, "logRecord");
  const json::Object& scope = member_object(raw, "scope");
  json::Object attributes = attributes_of(record.find("attributes"));
  json::Object resource = attributes_of(member_object(raw, "resource").find("attributes"));

  std::string_view name = text_of(record, "eventName");
  if (name.empty()) name = text_of(attributes, "event.name");
  event.type = is_type_name(name) ? std::string(name) : read_type(fields, "/logRecord/eventName", name, {});
  event.user_id = first_id(attributes, resource, kOtlpUser, reasons);
  event.anonymous_id = first_id(attributes, resource, kOtlpAnonymous, reasons);
  event.occurred_at = read_nanoseconds(record, "timeUnixNano");
  if (!event.occurred_at) event.occurred_at = read_nanoseconds(record, "observedTimeUnixNano");

  for (const std::string_view own : {"event.name", "log.record.uid", "user.id", "enduser.id"}) attributes.erase(own);
  auto [properties, details] = sort_properties(attributes, "log.", kOtlpProperties);
  event.properties = std::move(properties);
  if (!details.empty()) event.context.set("log", std::move(details));
  if (const json::Value* body = record.find("body")) {
    const json::Value plain = plain_value(*body);
    if (!plain.is_object()) {
      if (!plain.is_null()) event.properties.set("body", plain);  // JavaScript's exporter writes {} where there is none
    } else if (event.properties.empty()) {
      event.properties = plain.as_object();
    } else {
      for (const auto& [member, value] : plain.as_object()) event.properties.set(member, value);
    }
  }
  event.context.set("library", json::Object{{"name", text_of(scope, "name")}, {"version", text_of(scope, "version")}});
  event.context.set("resource", std::move(resource));
  for (const std::string_view member : {"traceId", "spanId", "severityText", "severityNumber"}) {
    if (const json::Value* value = record.find(member)) event.context.set(member, *value);
  }
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("/logRecord/attributes", "required",
                  "must have a user.id, or a session.id or another id of a device");
  }
  return event;
}

}  // namespace pipeline::event
