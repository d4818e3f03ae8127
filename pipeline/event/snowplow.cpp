// Snowplow's tracker protocol: https://docs.snowplow.io/docs/sources/trackers/snowplow-tracker-protocol/. Every value
// is a string. What describes the tracker, the page's place and the browser becomes the context.

#include <algorithm>
#include <array>

#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "pipeline/event/fields.hpp"
#include "pipeline/event/timestamp.hpp"

namespace pipeline::event {

namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr std::array kSnowplowContext = {
    Names{"p", "platform"},         Names{"tna", "tracker"},         Names{"tv", "tracker_version"},
    Names{"tz", "timezone"},        Names{"lang", "locale"},         Names{"res", "screen"},
    Names{"vp", "viewport"},        Names{"ua", "user_agent"},       Names{"sid", "session_id"},
    Names{"vid", "session_number"}, Names{"duid", "domain_user_id"},
};
constexpr std::array kSnowplowPage = {Names{"url", "url"}, Names{"page", "title"}, Names{"refr", "referrer"}};
constexpr std::array kSnowplowStructured = {Names{"se_ca", "category"}, Names{"se_la", "label"},
                                            Names{"se_pr", "property"}};

template <std::size_t N>
void take(const json::Object& raw, const std::array<Names, N>& names, json::Object& into) {
  for (const auto& [theirs, ours] : names) {
    if (const std::string_view text = text_of(raw, theirs); !text.empty()) into.set(std::string(ours), text);
  }
}

// A JSON document in a member, as text or as unpadded base64 for URLs.
std::optional<json::Value> document(const json::Object& raw, std::string_view plain, std::string_view encoded) {
  std::string text(text_of(raw, plain));
  if (text.empty()) {
    std::string base64(text_of(raw, encoded));
    for (char& c : base64) c = c == '-' ? '+' : c == '_' ? '/' : c;
    base64.resize(base64.find_last_not_of('=') + 1);
    base64.append((4 - base64.size() % 4) % 4, '=');
    text = base::from_base64(base64).value_or("");
  }
  auto parsed = json::parse(text, {.depth_max = kEventDepthMax});
  return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
}

// iglu:vendor/name/jsonschema/1-0-2 names the type and the schema's version.
bool read_iglu(std::string_view uri, Event& event) {
  const auto slash = uri.find('/');
  const auto end = uri.find('/', slash + 1);
  if (!uri.starts_with("iglu:") || slash == std::string_view::npos || end == std::string_view::npos) return false;
  event.type = snake_case(uri.substr(slash + 1, end - slash - 1));
  event.schema_version = version_in_address(uri);
  return is_type_name(event.type);
}

void read_self_describing(Fields& fields, const json::Object& raw, Event& event) {
  const auto outer = document(raw, "ue_pr", "ue_px");
  const json::Value* inner = outer ? outer->find("data") : nullptr;
  const std::string_view schema =
      inner && inner->is_object() ? text_of(inner->as_object(), "schema") : std::string_view();
  const json::Value* data = inner ? inner->find("data") : nullptr;
  event.properties_path = "/ue_pr/data/data";
  if (!data || !data->is_object() || !read_iglu(schema, event)) {
    fields.refuse("/ue_pr", "required",
                  "must hold a self-describing event: {\"data\": {\"schema\": \"iglu:…\", \"data\": {…}}}");
    return;
  }
  event.properties = data->as_object();
  event.context.set("schema", schema);
}

void read_structured(Fields& fields, const json::Object& raw, Event& event) {
  event.type = type_of(text_of(raw, "se_ac"));
  if (!is_type_name(event.type)) fields.refuse("/se_ac", "required", "a structured event must name its action");
  take(raw, kSnowplowStructured, event.properties);
  const std::string_view value = text_of(raw, "se_va");
  if (const auto number = json::parse(value); number && number->is_number()) event.properties.set("value", *number);
}

}  // namespace

std::optional<json::Object> read_query(std::string_view query) {
  constexpr std::size_t kParametersMax = 1000;
  if (std::ranges::count(query, '&') >= static_cast<std::ptrdiff_t>(kParametersMax)) return std::nullopt;
  json::Object raw;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      std::string name = aws::uri_decode_query(pair.substr(0, equals));
      std::string value = aws::uri_decode_query(pair.substr(equals + 1));
      if (base::first_invalid_utf8(name) || base::first_invalid_utf8(value)) return std::nullopt;
      raw.set(name, std::move(value));
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return raw;
}

Event read_snowplow(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  const std::string_view kind = text_of(raw, "e");
  if (kind == "pv" || kind == "pp") {
    event.type = kind == "pv" ? "page_view" : "page_ping";
    take(raw, kSnowplowPage, event.properties);
  } else if (kind == "se") {
    read_structured(fields, raw, event);
  } else if (kind == "ue") {
    read_self_describing(fields, raw, event);
  } else {
    fields.refuse("/e", "enum", "must be one of pv, pp, se, ue");
  }
  take(raw, kSnowplowContext, event.context);
  if (const auto contexts = document(raw, "co", "cx")) {
    if (const json::Value* list = contexts->find("data")) event.context.set("contexts", *list);
  }
  event.user_id = fields.id({"uid"}, kUserIdBytesMax);
  event.anonymous_id = fields.id({"duid", "tnuid", "nuid"}, kUserIdBytesMax);
  // The moment that the application states, else that at which the tracker made the event; milliseconds in text.
  const std::string_view stated = text_of(raw, "ttm");
  const std::string_view text = stated.empty() ? text_of(raw, "dtm") : stated;
  if (const auto number = json::parse(text); number && number->is_number())
    event.occurred_at = from_client_number(number->as_number());
  if (!text.empty() && !event.occurred_at)
    fields.refuse(stated.empty() ? "/dtm" : "/ttm", "format", "must be a number of milliseconds since 1970");
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a uid or a duid");
  }
  return event;
}

}  // namespace pipeline::event
