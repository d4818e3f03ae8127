// Matomo's tracking API: https://developer.matomo.org/api-reference/tracking-api. What describes the visitor's browser
// becomes the context.

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "pipeline/event/fields.hpp"
#include "pipeline/event/timestamp.hpp"

namespace pipeline::event {

namespace {

// A kind of event is told by a parameter that only it has; what has none of these is a page view.
struct MatomoKind {
  std::string_view parameter;
  std::string_view type;
};
constexpr MatomoKind kMatomoKinds[] = {{"ping", "page_ping"},
                                       {"search", "search"},
                                       {"download", "download"},
                                       {"link", "outbound_link"},
                                       {"idgoal", "goal"}};

constexpr Alias kMatomoProperties[] = {
    {"url", "url"},       {"action_name", "title"}, {"urlref", "referrer"}, {"e_c", "category"},
    {"e_n", "name"},      {"e_v", "value"},         {"search", "search"},   {"search_cat", "category"},
    {"link", "href"},     {"download", "href"},     {"idgoal", "goal_id"},  {"revenue", "revenue"},
    {"ec_id", "order_id"}};

// What says who and when, is read elsewhere, or is a secret.
constexpr std::string_view kMatomoRead[] = {"uid",  "_id",  "cid",           "cdt",        "idsite",
                                            "rec",  "rand", "token_auth",    "send_image", "apiv",
                                            "bots", "e_a",  "queuedtracking"};

// A number in text is a number where the property is one.
json::Value matomo_value(std::string_view ours, const json::Value& value) {
  if (!value.is_string() || (ours != "value" && ours != "revenue")) return value;
  const auto number = json::parse(value.as_string());
  return number && number->is_number() ? *number : value;
}

void sort_parameters(const json::Object& raw, Event& event) {
  json::Object details;
  for (const auto& [name, value] : raw) {
    if (std::ranges::find(kMatomoRead, name) != std::end(kMatomoRead)) continue;
    const auto* alias = std::ranges::find(kMatomoProperties, std::string_view(name), &Alias::theirs);
    if (alias != std::end(kMatomoProperties)) {
      event.properties.set(alias->ours, matomo_value(alias->ours, value));
    } else if (name.starts_with("dimension")) {
      event.properties.set(name, value);
    } else {
      details.append(name, value);
    }
  }
  event.context.set("matomo", std::move(details));
}

// "cdt": seconds since 1970, or a date and time of UTC.
std::optional<base::Time> read_cdt(Fields& fields, const json::Object& raw) {
  const json::Value* value = raw.find("cdt");
  if (!value) return std::nullopt;
  std::optional<base::Time> time;
  if (value->is_number()) time = from_client_number(value->as_number());
  if (value->is_string()) {
    const auto seconds = base::to_number<std::int64_t>(value->as_string());
    time = seconds ? from_client_number(json::Number(*seconds)) : parse_client_time(value->as_string() + "Z");
  }
  if (!time) fields.refuse("/cdt", "format", "must be seconds since 1970 or a date and time of UTC");
  return time;
}

}  // namespace

Event read_matomo(const json::Object& raw, const Envelope& envelope, std::vector<Reason>& reasons) {
  Fields fields(raw, reasons);
  Event event;
  event.id = envelope.id;
  event.type = "page_view";
  for (const auto& [parameter, type] : kMatomoKinds) {
    if (raw.contains(parameter)) event.type = type;
  }
  if (raw.contains("e_a")) event.type = read_type(fields, "/e_a", text_of(raw, "e_a"), {});
  sort_parameters(raw, event);
  event.user_id = fields.id({"uid"}, kUserIdBytesMax);
  event.anonymous_id = fields.id({"_id", "cid"}, kUserIdBytesMax);
  if (event.user_id.empty() && event.anonymous_id.empty()) event.anonymous_id = envelope.visitor;
  event.occurred_at = read_cdt(fields, raw);
  if (reasons.empty() && event.user_id.empty() && event.anonymous_id.empty()) {
    fields.refuse("", "required", "must have a uid or an _id");
  }
  return event;
}

}  // namespace pipeline::event
